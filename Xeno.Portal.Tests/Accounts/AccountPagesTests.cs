using System.Net;
using Microsoft.EntityFrameworkCore;
using Xeno.Portal.Accounts;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Accounts;

/// <summary>Register, log in, log out: static forms over real HTTP.</summary>
public abstract class AccountPagesTests(PortalFactory portal)
{
    [Fact]
    public async Task Creating_an_account_signs_it_in()
    {
        var browser = portal.Browser();

        var created = await browser.RegisterAsync($"{Guid.NewGuid():N}@example.com");

        Assert.Equal("/apps", created.LeadsTo());
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/apps")).StatusCode);
        var cookie = Assert.Single(created.Headers.GetValues("Set-Cookie"), c => c.StartsWith("xeno-session=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task An_address_in_upper_or_lower_case_has_one_account()
    {
        var account = await portal.AccountAsync();

        var response = await portal.Browser().RegisterAsync(account.Email.ToUpperInvariant(), password: "Some-other-password-1");

        Assert.Contains("has an account already", (await response.PageAsync()).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_get_the_same_answer()
    {
        var account = await portal.AccountAsync();

        var wrong = await portal.Browser().LogInAsync(account.Email, "wrong password");
        var unknown = await portal.Browser().LogInAsync("unknown@example.com", "wrong password");

        Assert.Equal(await wrong.AlertAsync(), await unknown.AlertAsync());
        Assert.Equal((HttpStatusCode.OK, SignIn.Refusal), (wrong.StatusCode, await wrong.AlertAsync()));
    }

    [Fact]
    public async Task Too_many_wrong_passwords_lock_the_account_for_a_while_without_saying_so()
    {
        var account = await portal.AccountAsync();
        for (var i = 0; i < 10; i++)
            await portal.Browser().LogInAsync(account.Email, "wrong password");

        Assert.Equal(SignIn.Refusal, await (await portal.Browser().LogInAsync(account.Email, Given.Password)).AlertAsync());
        portal.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("/apps", (await portal.Browser().LogInAsync(account.Email)).LeadsTo());
    }

    [Fact]
    public async Task Of_24_wrong_passwords_at_the_same_time_ten_are_compared_and_the_account_is_locked()
    {
        var account = await portal.AccountAsync();
        var browsers = Enumerable.Range(0, 24).Select(_ => portal.Browser()).ToList();

        var answers = await Task.WhenAll(browsers.Select(browser => browser.LogInAsync(account.Email, "wrong password")));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(SignIn.Refusal, await (await portal.Browser().LogInAsync(account.Email)).AlertAsync());
        var locked = await portal.AskDatabaseAsync(database
            => database.History.CountAsync(entry => entry.AccountId == account.Id && entry.Kind == "account.locked"));
        Assert.Equal(1, locked);
    }

    [Fact]
    public async Task Right_passwords_at_the_same_time_are_not_taken_for_wrong_ones()
    {
        var account = await portal.AccountAsync();
        var browsers = Enumerable.Range(0, 16).Select(_ => portal.Browser()).ToList();

        var answers = await Task.WhenAll(browsers.Select(browser => browser.LogInAsync(account.Email)));

        Assert.All(answers, answer => Assert.Equal("/apps", answer.LeadsTo()));
    }

    [Fact]
    public async Task Of_several_registrations_of_one_address_at_the_same_time_one_creates_the_account_and_the_others_log_in()
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        var browsers = Enumerable.Range(0, 8).Select(_ => portal.Browser()).ToList();

        var answers = await Task.WhenAll(browsers.Select(browser => browser.RegisterAsync(email)));

        Assert.All(answers, answer => Assert.Equal("/apps", answer.LeadsTo()));
        Assert.Equal(1, await portal.AskDatabaseAsync(database => database.Accounts.CountAsync(account => account.Email == email)));
        Assert.Equal(1, await portal.AskDatabaseAsync(database => database.History.CountAsync(entry
            => entry.Kind == "account.created" && database.Accounts.Any(a => a.Email == email && a.Id == entry.AccountId))));
    }

    [Fact]
    public async Task Of_several_registrations_of_one_address_with_different_passwords_one_creates_the_account_and_the_others_are_refused()
    {
        var email = $"{Guid.NewGuid():N}@example.com";

        var answers = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(i => portal.Browser().RegisterAsync(email, password: $"{Given.Password} {i}")));

        Assert.Equal("/apps", Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.Redirect).LeadsTo());
        foreach (var refused in answers.Where(answer => answer.StatusCode is not HttpStatusCode.Redirect))
        {
            Assert.Equal(HttpStatusCode.OK, refused.StatusCode);
            Assert.Contains("has an account already", (await refused.PageAsync()).Body!.TextContent, StringComparison.Ordinal);
        }
    }
}

[Trait("Category", "Fast")]
public sealed class AccountPagesOnSqlite(PortalFactory portal) : AccountPagesTests(portal), IClassFixture<PortalFactory>;

[Trait("Category", "Database")]
public sealed class AccountPagesOnPostgreSql(PostgreSqlPortal portal) : AccountPagesTests(portal), IClassFixture<PostgreSqlPortal>;
