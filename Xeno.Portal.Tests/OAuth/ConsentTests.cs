using System.Net;
using Microsoft.EntityFrameworkCore;
using Xeno.Portal.Tests.Support;
using static Xeno.Portal.Tests.Support.ConsentForms;

namespace Xeno.Portal.Tests.OAuth;

/// <summary>When an account is asked for consent, and what its answer allows.</summary>
public abstract class ConsentTests(PortalFactory portal)
{
    private const string Callback = GivenApps.Callback;

    [Fact]
    public async Task Consent_is_remembered_for_the_scopes_of_an_installed_app()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        var token = await rp.InstallAsync(browser, "widgets contacts");

        Assert.True((await browser.GetAsync(rp.AuthorizeUrl(("scope", "contacts")))).RedirectQuery().ContainsKey("code"));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(rp.AuthorizeUrl(("scope", "contacts faqs")))).StatusCode);

        await rp.RevokeAsync(token);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(rp.AuthorizeUrl(("scope", "contacts")))).StatusCode);
    }

    [Fact]
    public async Task The_consent_page_names_the_signed_in_account()
    {
        var (rp, browser) = await AppAndBrowserAsync(out var account);

        var page = await (await browser.GetAsync(rp.AuthorizeUrl())).PageAsync();

        Assert.Contains(account.Email, page.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Consent_that_was_never_exchanged_is_not_remembered()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        await rp.CodeAsync(browser);

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(rp.AuthorizeUrl())).StatusCode);
    }

    [Fact]
    public async Task Every_authorization_is_a_new_grant_and_older_tokens_stay_valid()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        var first = await rp.InstallAsync(browser);
        var second = (await rp.ExchangeAsync(await rp.CodeAsync(browser)))["access_token"]!;

        Assert.NotEqual(first, second);
        Assert.Equal(2, await portal.AskDatabaseAsync(database
            => database.Grants.CountAsync(g => g.Application!.ClientId == rp.App.ClientId)));
        await rp.RevokeAsync(second);
        Assert.Equal("True", (await rp.IntrospectAsync(first))["active"]);
    }

    [Fact]
    public async Task Prompt_consent_asks_again()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        await rp.InstallAsync(browser);

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(rp.AuthorizeUrl(("prompt", "consent")))).StatusCode);
    }

    [Fact]
    public async Task Prompt_none_never_shows_a_page()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();

        (await portal.Browser().GetAsync(rp.AuthorizeUrl(("prompt", "none")))).RedirectQuery().ShouldBeError("login_required");
        (await browser.GetAsync(rp.AuthorizeUrl(("prompt", "none")))).RedirectQuery().ShouldBeError("consent_required");
        await rp.InstallAsync(browser);
        Assert.True((await browser.GetAsync(rp.AuthorizeUrl(("prompt", "none")))).RedirectQuery().ContainsKey("code"));
    }

    [Fact]
    public async Task Prompt_login_asks_to_log_in_again_once()
    {
        var (rp, browser) = await AppAndBrowserAsync(out var account);
        portal.Time.Advance(TimeSpan.FromMinutes(1));

        var login = await browser.GetAsync(rp.AuthorizeUrl(("prompt", "login"), ("state", "s")));

        Assert.StartsWith("/account/login?", login.Headers.Location!.OriginalString, StringComparison.Ordinal);
        var back = login.RedirectQuery()["returnUrl"];
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync(back)).StatusCode);
        portal.Time.Advance(TimeSpan.FromMinutes(1));
        await portal.SignInAsync(browser, account);
        Assert.True((await RelyingParty.DecideAsync(browser, back, "allow")).RedirectQuery().ContainsKey("code"));

        portal.Time.Advance(TimeSpan.FromHours(2));
        Assert.StartsWith("/account/login?", (await browser.GetAsync(back)).Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_without_a_secret_is_asked_for_every_time()
    {
        var rp = new RelyingParty(portal, await portal.PublicAppAsync(await portal.AccountAsync(), "com.example.app:/cb"));
        var browser = await portal.BrowserOfAsync(await portal.AccountAsync());
        (string, string?)[] pkce = [("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), ("code_challenge_method", "S256")];
        var code = await rp.CodeAsync(browser, pkce);
        var exchanged = await rp.ExchangeAsync(code, ("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        Assert.Equal(HttpStatusCode.OK, exchanged.Status);

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(rp.AuthorizeUrl(pkce))).StatusCode);
        (await browser.GetAsync(rp.AuthorizeUrl([.. pkce, ("prompt", "none")]))).RedirectQuery().ShouldBeError("consent_required");
    }

    [Fact]
    public async Task An_allow_counts_only_for_the_account_that_the_page_showed()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        var form = await FormAsync(browser, rp.AuthorizeUrl());
        await portal.SignInAsync(browser, await portal.AccountAsync());

        await ShouldAskAgainAsync(await PostAsync(browser, form));

        // Also when that account's own antiforgery token comes with the first account's ticket.
        var own = await FormAsync(browser, rp.AuthorizeUrl());
        own["consent_ticket"] = form["consent_ticket"];
        await ShouldAskAgainAsync(await PostAsync(browser, own));
    }

    [Fact]
    public async Task A_redirect_uri_removed_while_the_page_was_open_gets_no_code()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        var form = await FormAsync(browser, rp.AuthorizeUrl(("redirect_uri", Callback)));
        await portal.AskDatabaseAsync(database => database.Apps.Where(app => app.ClientId == rp.App.ClientId)
            .ExecuteUpdateAsync(app => app.SetProperty(a => a.RedirectUris, "[\"https://app.example/new\"]")));

        var response = await PostAsync(browser, form);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Null(response.Headers.Location);
    }

    [Fact]
    public async Task A_form_sent_twice_gives_two_independent_codes()
    {
        var (rp, browser) = await AppAndBrowserAsync(out var account);
        var form = await FormAsync(browser, rp.AuthorizeUrl());

        var answers = await Task.WhenAll(PostAsync(browser, form), PostAsync(browser, form));
        var codes = answers.Select(answer => answer.RedirectQuery()["code"]).ToArray();
        var first = (await rp.ExchangeAsync(codes[0]))["access_token"]!;
        var second = (await rp.ExchangeAsync(codes[1]))["access_token"]!;
        await rp.RevokeAsync(first);

        Assert.NotEqual(codes[0], codes[1]);
        Assert.Equal(2, await portal.AskDatabaseAsync(database => database.Grants.CountAsync(grant => grant.Subject == account.Id)));
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(second)).Status);
    }

    [Fact]
    public async Task An_account_that_was_deleted_or_suspended_allows_nothing()
    {
        var (rp, browser) = await AppAndBrowserAsync(out var account);
        await portal.AskDatabaseAsync(database => database.Users.Where(a => a.Id == account.Id)
            .ExecuteUpdateAsync(a => a.SetProperty(x => x.SuspendedAt, portal.Time.GetUtcNow())));
        (await browser.GetAsync(rp.AuthorizeUrl())).RedirectQuery().ShouldBeError("access_denied");

        await portal.AskDatabaseAsync(database => database.Users.Where(a => a.Id == account.Id).ExecuteDeleteAsync());
        var response = await browser.GetAsync(rp.AuthorizeUrl());
        Assert.StartsWith("/account/login?", response.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    private Task<(RelyingParty, HttpClient)> AppAndBrowserAsync(out GivenAccount account)
    {
        var given = portal.AccountAsync().GetAwaiter().GetResult();
        account = given;
        return MakeAsync();

        async Task<(RelyingParty, HttpClient)> MakeAsync()
            => (new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), Callback)), await portal.BrowserOfAsync(given));
    }
}

[Trait("Category", "Fast")]
public sealed class ConsentOnSqlite(PortalFactory portal) : ConsentTests(portal), IClassFixture<PortalFactory>;

[Trait("Category", "Database")]
public sealed class ConsentOnPostgreSql(PostgreSqlPortal portal) : ConsentTests(portal), IClassFixture<PostgreSqlPortal>;
