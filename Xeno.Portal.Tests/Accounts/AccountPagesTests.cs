using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Accounts;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Accounts;

/// <summary>Register, log in, log out: static forms over real HTTP.</summary>
public abstract class AccountPagesTests(PortalFactory portal)
{
    [Fact]
    public async Task Creating_an_account_signs_it_in()
    {
        var browser = portal.Browser();

        var created = await RegisterAsync(browser, $"{Guid.NewGuid():N}@example.com", Given.Password, Given.Password);

        Assert.Equal("/apps", Path(created));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/apps")).StatusCode);
        var cookie = Assert.Single(created.Headers.GetValues("Set-Cookie"), c => c.StartsWith("xeno-session=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("not an address", Given.Password, Given.Password, "not an e-mail address")]
    [InlineData("a@example.com", "short", "short", "too short")]
    [InlineData("b@example.com", "aaaaaaaaaa", "aaaaaaaaaa", "repeats too few")]
    [InlineData("c@example.com", Given.Password, "another-one", "not the same")]
    [InlineData("", Given.Password, Given.Password, "Enter your e-mail address")]
    public async Task What_is_wrong_is_told_and_the_address_is_kept(string email, string password, string confirmation, string told)
    {
        var response = await RegisterAsync(portal.Browser(), email, password, confirmation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var page = await response.PageAsync();
        Assert.Contains(told, page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(email, page.QuerySelector("input[type=email]")!.GetAttribute("value") ?? "");
        Assert.All(page.QuerySelectorAll("input[type=password]"), input => Assert.Null(input.GetAttribute("value")));
    }

    [Fact]
    public async Task An_address_has_one_account_whatever_its_letters()
    {
        var account = await portal.AccountAsync();

        var response = await RegisterAsync(portal.Browser(), account.Email.ToUpperInvariant(), Given.Password, Given.Password);

        Assert.Contains("has an account already", (await response.PageAsync()).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Known_and_unknown_addresses_are_refused_alike()
    {
        var account = await portal.AccountAsync();

        var wrong = await LogInAsync(portal.Browser(), account.Email, "wrong password");
        var unknown = await LogInAsync(portal.Browser(), "nobody@example.com", "wrong password");

        Assert.Equal(await AlertAsync(wrong), await AlertAsync(unknown));
        Assert.Equal((HttpStatusCode.OK, SignIn.Refusal), (wrong.StatusCode, await AlertAsync(wrong)));
    }

    [Fact]
    public async Task Too_many_wrong_passwords_lock_the_account_for_a_while_without_saying_so()
    {
        var account = await portal.AccountAsync();
        for (var i = 0; i < 10; i++)
            await LogInAsync(portal.Browser(), account.Email, "wrong password");

        Assert.Equal(SignIn.Refusal, await AlertAsync(await LogInAsync(portal.Browser(), account.Email, Given.Password)));
        await portal.InScopeAsync(async services =>
        {
            // Identity's lockout goes by the machine's clock: end it as the passing of time would.
            var accounts = services.GetRequiredService<UserManager<Account>>();
            await accounts.SetLockoutEndDateAsync((await accounts.FindByIdAsync(account.Id))!, DateTimeOffset.UtcNow.AddSeconds(-1));
        });
        Assert.Equal("/apps", Path(await LogInAsync(portal.Browser(), account.Email, Given.Password)));
    }

    [Theory]
    [InlineData("/installed", "/installed")]
    [InlineData("/oauth/authorize?client_id=x&state=%2F", "/oauth/authorize?client_id=x&state=%2F")]
    [InlineData("//evil.example", "/apps")]
    [InlineData("/\\evil.example", "/apps")]
    [InlineData("/\t/evil.example", "/apps")]
    [InlineData("/\n/evil.example", "/apps")]
    [InlineData("https://evil.example", "/apps")]
    [InlineData("javascript:alert(1)", "/apps")]
    [InlineData("evil.example", "/apps")]
    [InlineData("\\\\evil.example", "/apps")]
    [InlineData(" //evil.example", "/apps")]
    [InlineData("", "/apps")]
    public async Task A_return_url_is_followed_inside_this_site_only(string returnUrl, string expected)
    {
        var account = await portal.AccountAsync();

        var response = await LogInAsync(portal.Browser(), account.Email, Given.Password, returnUrl);

        Assert.Equal(expected, Path(response));
    }

    [Theory]
    [InlineData("/%2F/evil.example")]
    [InlineData("/%5Cevil.example")]
    public void Encoded_tricks_stay_paths_of_this_site(string returnUrl)
        => Assert.Equal("localhost", new Uri(new Uri("http://localhost"), ReturnUrl.LocalOr(returnUrl, "/")).Host);

    [Fact]
    public async Task Log_out_takes_a_post_with_antiforgery()
    {
        var account = await portal.AccountAsync();
        var browser = portal.Browser();
        await LogInAsync(browser, account.Email, Given.Password);

        var page = await browser.GetAsync("/account/logout");
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/apps")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync("/account/logout", new FormUrlEncodedContent([new("_handler", "logout")]))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/apps")).StatusCode);

        var form = (await page.PageAsync()).QuerySelectorAll("main form input")
            .ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value")!, StringComparer.Ordinal);
        Assert.Equal("/", Path(await browser.PostAsync("/account/logout", new FormUrlEncodedContent(form))));
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/apps")).StatusCode);
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

    [Theory]
    [InlineData("/oauth/authorize?client_id=x&redirect_uri=https%3A%2F%2Fapp.example%2Fcb", "form-action 'self' https://app.example;")]
    [InlineData("/oauth/authorize?client_id=x", "form-action 'self' https: http://127.0.0.1:* http://localhost:*;")]
    [InlineData("/installed", "form-action 'self';")]
    public async Task A_log_in_on_the_way_to_an_app_lets_its_form_lead_there(string returnUrl, string policy)
    {
        var response = await portal.Browser().GetAsync($"/account/login?returnUrl={Uri.EscapeDataString(returnUrl)}");

        Assert.Contains(policy, Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/apps")]
    [InlineData("/apps/new")]
    [InlineData("/apps/xa_any")]
    [InlineData("/installed")]
    [InlineData("/playground")]
    public async Task Pages_for_accounts_lead_to_log_in_and_back(string page)
    {
        var response = await portal.Browser().GetAsync(page);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.EndsWith($"/account/login?returnUrl={Uri.EscapeDataString(page)}", response.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> RegisterAsync(HttpClient browser, string email, string password, string confirmation)
        => SubmitAsync(browser, "/account/register", new() { ["Input.Email"] = email, ["Input.Password"] = password, ["Input.ConfirmPassword"] = confirmation });

    private static Task<HttpResponseMessage> LogInAsync(HttpClient browser, string email, string password, string? returnUrl = null)
        => SubmitAsync(browser, returnUrl is null ? "/account/login" : $"/account/login?returnUrl={Uri.EscapeDataString(returnUrl)}",
            new() { ["Input.Email"] = email, ["Input.Password"] = password });

    private static async Task<HttpResponseMessage> SubmitAsync(HttpClient browser, string address, Dictionary<string, string> typed)
    {
        var page = await (await browser.GetAsync(address)).PageAsync();
        var form = page.Forms.Single(form => form.QuerySelector("input[type=email]") is not null);
        var fields = form.QuerySelectorAll("input[type=hidden]").ToDictionary(i => i.GetAttribute("name")!, i => i.GetAttribute("value")!, StringComparer.Ordinal);
        foreach (var (name, value) in typed)
        {
            Assert.NotNull(form.QuerySelector($"[name='{name}']"));
            fields[name] = value;
        }

        return await browser.PostAsync(address, new FormUrlEncodedContent(fields));
    }

    private static string Path(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        return new Uri(new Uri("http://localhost"), response.Headers.Location!).PathAndQuery;
    }

    private static async Task<string> AlertAsync(HttpResponseMessage response)
        => (await response.PageAsync()).QuerySelector("[role=alert]")?.TextContent.Trim() ?? "";
}

public sealed class AccountPagesOnSqlite(PortalFactory portal) : AccountPagesTests(portal), IClassFixture<PortalFactory>;

public sealed class AccountPagesOnPostgreSql(PostgreSqlPortal portal) : AccountPagesTests(portal), IClassFixture<PostgreSqlPortal>;
