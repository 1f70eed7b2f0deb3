using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Accounts;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Shell;
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

        var response = await portal.Browser().RegisterAsync(account.Email.ToUpperInvariant());

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
        await portal.InScopeAsync(async services =>
        {
            // Identity's lockout uses the clock of the machine, so the test ends it in the database.
            var accounts = services.GetRequiredService<UserManager<Account>>();
            await accounts.SetLockoutEndDateAsync((await accounts.FindByIdAsync(account.Id))!, DateTimeOffset.UtcNow.AddSeconds(-1));
        });
        Assert.Equal("/apps", (await portal.Browser().LogInAsync(account.Email)).LeadsTo());
    }

    [Fact]
    public async Task A_session_whose_stamp_was_checked_keeps_the_time_of_its_sign_in()
    {
        var browser = await portal.BrowserOfAsync(await portal.AccountAsync());
        var signedIn = portal.Time.GetUtcNow();
        portal.Time.Advance(TimeSpan.FromMinutes(2));

        var checkedAgain = await browser.GetAsync("/apps");

        Assert.Contains(
            checkedAgain.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("xeno-session=", StringComparison.Ordinal));
        var ticket = portal.SessionOf(browser);
        Assert.Equal(portal.Time.GetUtcNow(), ticket.Properties.IssuedUtc!.Value, TimeSpan.FromSeconds(1)); // Renewed,
        Assert.Equal($"{signedIn.ToUnixTimeSeconds()}", ticket.Principal.FindFirst(SignedIn.TimeClaim)?.Value); // but no new sign-in.
    }

    [Fact]
    public async Task A_changed_security_stamp_ends_the_session()
    {
        var account = await portal.AccountAsync();
        var browser = await portal.BrowserOfAsync(account);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/apps")).StatusCode);

        await portal.InScopeAsync(async services =>
        {
            var accounts = services.GetRequiredService<UserManager<Account>>();
            await accounts.UpdateSecurityStampAsync((await accounts.FindByIdAsync(account.Id))!);
        });
        portal.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/apps")).StatusCode);
    }
}

[Trait("Category", "Fast")]
public sealed class AccountPagesOnSqlite(PortalFactory portal) : AccountPagesTests(portal), IClassFixture<PortalFactory>;

[Trait("Category", "Database")]
public sealed class AccountPagesOnPostgreSql(PostgreSqlPortal portal) : AccountPagesTests(portal), IClassFixture<PostgreSqlPortal>;
