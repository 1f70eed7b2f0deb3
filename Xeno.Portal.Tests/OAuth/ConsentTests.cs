using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Accounts;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Grants;
using Xeno.Portal.Tests.Support;
using static Xeno.Portal.Tests.Support.ConsentForms;
using static Xeno.Portal.Tests.Support.GivenApps;

namespace Xeno.Portal.Tests.OAuth;

/// <summary>When an account is asked for consent, and what its answer allows.</summary>
public abstract class ConsentTests(PortalFactory portal)
{
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
    public async Task Prompt_select_account_shows_the_consent_page_with_the_way_to_another_account()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        await rp.InstallAsync(browser);

        var page = await browser.GetAsync(rp.AuthorizeUrl(("prompt", "select_account")));

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains((await page.PageAsync()).QuerySelectorAll("a"), link => link.TextContent == "Not you?");
    }

    [Fact]
    public async Task Prompt_create_leads_to_registration_who_is_not_signed_in()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        var stranger = portal.Browser();

        var registration = await stranger.GetAsync(rp.AuthorizeUrl(("prompt", "create"), ("state", "s")));

        Assert.StartsWith("/account/register?", registration.Headers.Location!.OriginalString, StringComparison.Ordinal);
        var back = registration.RedirectQuery()["returnUrl"];
        Assert.Equal(back, (await stranger.RegisterAsync($"{Guid.NewGuid():N}@example.com", back)).LeadsTo());
        var answer = (await RelyingParty.DecideAsync(stranger, back, "allow")).RedirectQuery();
        Assert.Equal("s", answer["state"]);
        Assert.True(answer.ContainsKey("code"));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(rp.AuthorizeUrl(("prompt", "create")))).StatusCode);
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
        Assert.Equal(back, (await browser.LogInAsync(account.Email, returnUrl: back)).LeadsTo());
        Assert.True((await RelyingParty.DecideAsync(browser, back, "allow")).RedirectQuery().ContainsKey("code"));

        portal.Leap(TimeSpan.FromHours(2));
        Assert.StartsWith("/account/login?", (await browser.GetAsync(back)).Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_note_of_another_session_does_not_stand_for_a_log_in()
    {
        var (rp, browser) = await AppAndBrowserAsync(out var account);
        var stranger = await portal.BrowserOfAsync(await portal.AccountAsync());
        string[] notes =
        [
            (await stranger.GetAsync(rp.AuthorizeUrl(("prompt", "login")))).RedirectQuery()["returnUrl"],
            (await portal.Browser().GetAsync(rp.AuthorizeUrl(("prompt", "login")))).RedirectQuery()["returnUrl"],
        ];
        portal.Time.Advance(TimeSpan.FromMinutes(1));
        await browser.LogInAsync(account.Email); // For another reason, but after the notes were made.

        var fresh = portal.Browser(); // Nobody was signed in here, and the browser that got the second note had nobody either.
        await fresh.LogInAsync(account.Email);

        foreach (var foreign in notes)
        {
            Assert.StartsWith("/account/login?", (await browser.GetAsync(foreign)).LeadsTo(), StringComparison.Ordinal);
            Assert.StartsWith("/account/login?", (await fresh.GetAsync(foreign)).LeadsTo(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_log_in_of_somebody_who_was_signed_out_is_not_asked_for_twice()
    {
        var (rp, _) = await AppAndBrowserAsync(out var account);
        var browser = portal.Browser();
        var back = (await browser.GetAsync(rp.AuthorizeUrl(("prompt", "login")))).RedirectQuery()["returnUrl"];

        Assert.Equal(back, (await browser.LogInAsync(account.Email, returnUrl: back)).LeadsTo());

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(back)).StatusCode);
    }

    [Fact]
    public async Task A_remembered_pass_adds_nothing_when_the_app_was_uninstalled_since_it_was_read()
    {
        var (rp, browser) = await AppAndBrowserAsync(out var account);
        await rp.InstallAsync(browser);
        var ledger = portal.Services.GetRequiredService<TokenLedger>();
        var app = await portal.AskDatabaseAsync(database => database.Apps.SingleAsync(a => a.ClientId == rp.App.ClientId));
        var pass = new NewCode(
            app.Id!, app.ClientId!, rp.App.Name, app.TokenGeneration, account.Id, "widgets", "[\"widgets\"]", "a hash",
            TimeSpan.FromMinutes(5), "{}", IsRemembered: true);

        await portal.Services.GetRequiredService<GrantEnding>().UninstallAsync(account.Id, rp.App.ClientId);

        Assert.False(await ledger.AddGrantAsync(pass, portal.Time.GetUtcNow()));
        Assert.Equal(0, await portal.AskDatabaseAsync(database
            => database.Tokens.CountAsync(token => token.Subject == account.Id && token.Status == TokenStatuses.Valid)));
        Assert.True(await ledger.AddGrantAsync(pass with { IsRemembered = false }, portal.Time.GetUtcNow()));
    }

    [Fact]
    public async Task A_remembered_pass_adds_nothing_when_one_of_its_scopes_was_revoked_since_it_was_read()
    {
        var (rp, browser) = await AppAndBrowserAsync(out var account);
        await rp.InstallAsync(browser);
        var contacts = await rp.InstallAsync(browser, "contacts");
        var ledger = portal.Services.GetRequiredService<TokenLedger>();
        var app = await portal.AskDatabaseAsync(database => database.Apps.SingleAsync(a => a.ClientId == rp.App.ClientId));
        var pass = new NewCode(
            app.Id!, app.ClientId!, rp.App.Name, app.TokenGeneration, account.Id, "widgets contacts", "[\"widgets\",\"contacts\"]",
            Guid.NewGuid().ToString(), TimeSpan.FromMinutes(5), "{}", IsRemembered: true);
        Assert.True(await ledger.AddGrantAsync(pass, portal.Time.GetUtcNow()));

        await rp.RevokeAsync(contacts);

        Assert.False(await ledger.AddGrantAsync(pass with { Hash = Guid.NewGuid().ToString() }, portal.Time.GetUtcNow()));
        Assert.True(await ledger.AddGrantAsync(
            pass with { Hash = Guid.NewGuid().ToString(), Scopes = "widgets", ScopesAsJson = "[\"widgets\"]" },
            portal.Time.GetUtcNow()));
    }

    [Fact]
    public async Task Uninstalls_that_meet_remembered_passes_leave_nothing_installed()
    {
        var (rp, browser) = await AppAndBrowserAsync(out var account);
        var ending = portal.Services.GetRequiredService<GrantEnding>();
        for (var round = 0; round < 10; round++)
        {
            await rp.InstallAsync(browser);
            var passes = Enumerable.Range(0, 4).Select(_ => browser.GetAsync(rp.AuthorizeUrl())).ToList();
            await ending.UninstallAsync(account.Id, rp.App.ClientId);
            await Task.WhenAll(passes);

            // A code that came first was ended with the app; one that came later was not issued without asking.
            Assert.Equal(0, await portal.AskDatabaseAsync(database
                => database.Tokens.CountAsync(token => token.Subject == account.Id && token.Status == TokenStatuses.Valid)));
        }
    }

    [Fact]
    public async Task Beyond_so_many_tokens_of_one_app_on_one_account_a_further_one_is_refused()
    {
        await using var few = await portal.AnotherAsync();
        few.Settings["OAuth:TokensPerAppAndAccount"] = "2";
        var (rp, browser) = await few.AppAndBrowserAsync();
        var first = await rp.InstallAsync(browser);
        await rp.InstallAsync(browser);

        var refused = (await browser.GetAsync(rp.AuthorizeUrl(("state", "s")))).RedirectQuery();

        refused.ShouldBeError("access_denied");
        Assert.Contains("keep the one that you got", refused["error_description"], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(first)).Status); // None is ended for being one of many.
        var another = await few.BrowserOfAsync(await few.AccountAsync());
        Assert.Equal(HttpStatusCode.OK, (await another.GetAsync(rp.AuthorizeUrl())).StatusCode);
        await rp.RevokeAsync(first);
        Assert.True((await browser.GetAsync(rp.AuthorizeUrl())).RedirectQuery().ContainsKey("code"));
    }

    [Fact]
    public async Task Far_from_the_limit_of_tokens_a_tenth_of_the_rest_passes_uncounted_and_at_the_limit_each_request_counts()
    {
        await using var few = await portal.AnotherAsync();
        few.Settings["OAuth:TokensPerAppAndAccount"] = "200";
        var (rp, browser) = await few.AppAndBrowserAsync();
        var token = await rp.InstallAsync(browser);
        await AddTokensAsync(1, 100);
        Assert.True(await PassesAsync()); // Counts 100.
        await AddTokensAsync(100, 200);

        for (var uncounted = 0; uncounted < 10; uncounted++)
            Assert.True(await PassesAsync());
        Assert.False(await PassesAsync());

        await rp.RevokeAsync(token);
        Assert.True(await PassesAsync());
        await AddTokensAsync(200, 201);
        Assert.False(await PassesAsync());

        async Task<bool> PassesAsync() => (await browser.GetAsync(rp.AuthorizeUrl())).RedirectQuery().ContainsKey("code");

        Task AddTokensAsync(int from, int to) => few.AskDatabaseAsync(async database =>
        {
            var first = await database.Tokens.Where(row => row.Type == TokenKinds.AccessToken).Select(row => row.Id).FirstAsync();
            for (var number = from; number < to; number++)
                await database.Database.ExecuteSqlAsync($"""
                    INSERT INTO "Tokens" ("Id", "ApplicationId", "AuthorizationId", "Subject", "Scopes", "ReferenceId", "CreationDate",
                        "Generation", "Status", "Type")
                    SELECT {$"{number}"}, "ApplicationId", "AuthorizationId", "Subject", "Scopes", {$"{number}"}, "CreationDate",
                        "Generation", 'valid', "Type"
                    FROM "Tokens" WHERE "Id" = {first}
                    """);
            return true;
        });
    }

    [Fact]
    public async Task The_apps_of_a_suspended_developer_stop_and_come_back_with_them()
    {
        var developer = await portal.AccountAsync();
        var rp = new RelyingParty(portal, await portal.AppAsync(developer, Callback));
        var browser = await portal.BrowserOfAsync(await portal.AccountAsync());
        var token = await rp.InstallAsync(browser);
        var code = await rp.CodeAsync(browser);
        await portal.InScopeAsync(services => services.GetRequiredService<AccountModeration>().SuspendAsync(developer.Id));

        (await browser.GetAsync(rp.AuthorizeUrl())).RedirectQuery().ShouldBeError("unauthorized_client");
        Assert.NotEqual(HttpStatusCode.OK, (await rp.ExchangeAsync(code)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await rp.CallAsync(token)).Status);
        Assert.NotEqual("True", (await rp.IntrospectAsync(token))["active"]);

        await portal.InScopeAsync(services => services.GetRequiredService<AccountModeration>().ResumeAsync(developer.Id));
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await rp.ExchangeAsync(code)).Status);
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
        Assert.StartsWith("/account/login?", (await browser.GetAsync(rp.AuthorizeUrl())).LeadsTo(), StringComparison.Ordinal);

        await portal.AskDatabaseAsync(database => database.Users.Where(a => a.Id == account.Id).ExecuteDeleteAsync());
        Assert.StartsWith("/account/login?", (await browser.GetAsync(rp.AuthorizeUrl())).LeadsTo(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_isolates_names_and_shows_hosts_that_cannot_be_mistaken()
    {
        var owner = await portal.AccountAsync();
        await portal.AskDatabaseAsync(database => database.Accounts.Where(account => account.Id == owner.Id)
            .ExecuteUpdateAsync(account => account.SetProperty(a => a.DisplayName, "דנה!")));
        var rp = new RelyingParty(portal, await portal.NamedAppAsync(owner, "קפה!", "https://pаypal.example:8443/about")); // Cyrillic а
        await portal.AskDatabaseAsync(database => database.Apps.Where(app => app.ClientId == rp.App.ClientId)
            .ExecuteUpdateAsync(app => app.SetProperty(a => a.RedirectUris, "[\"https://xn--bcher-kva.example/cb\"]")));
        var browser = await portal.BrowserOfAsync(await portal.AccountAsync());

        var page = await (await browser.GetAsync(rp.AuthorizeUrl())).PageAsync();

        Assert.Equal("Install <bdi>קפה!</bdi>?", page.QuerySelector("h1")!.InnerHtml);
        Assert.Equal("Install קפה!? · Xeno Portal", page.Title);
        Assert.Equal("דנה!", page.QuerySelector("h1 + p > bdi")!.TextContent);
        Assert.Equal("xn--pypal-4ve.example:8443", page.QuerySelector("h1 + p > a")!.TextContent);
        Assert.Equal("bücher.example", page.QuerySelectorAll("dd")[1].TextContent);

        var refusal = await (await browser.GetAsync(rp.AuthorizeUrl(("redirect_uri", "https://other.example/")))).PageAsync();
        Assert.Equal("<bdi>קפה!</bdi> sent you here the wrong way", refusal.QuerySelector("h1")!.InnerHtml);
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
