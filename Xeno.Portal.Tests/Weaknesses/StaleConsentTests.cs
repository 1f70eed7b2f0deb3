using System.Net;
using Microsoft.EntityFrameworkCore;
using Xeno.Portal.Tests.Support;
using static Xeno.Portal.Tests.Support.ConsentForms;

namespace Xeno.Portal.Tests.Weaknesses;

/// <summary>Stale consent: an Allow that was not meant for here and now allows nothing (what was changed in the form: <c>ConsentTests</c>).</summary>
public abstract class StaleConsentTests(PortalFactory portal)
{
    private const string Callback = "https://app.example/callback";

    [Fact]
    public async Task A_page_opened_long_ago_asks_again()
    {
        var (rp, account, browser) = await GivenAsync();
        var form = await FormAsync(browser, rp.AuthorizeUrl());

        portal.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(HttpStatusCode.SeeOther, (await PostAsync(browser, form)).StatusCode);
        portal.Time.Advance(TimeSpan.FromMinutes(2));
        var late = await PostAsync(browser, form);

        await ShouldAskAgainAsync(late);
        Assert.Equal(1, await GrantsOfAsync(account));
        var again = (await late.PageAsync()).FieldsOfForm("/oauth/authorize");
        again["decision"] = "allow";
        Assert.Equal(HttpStatusCode.SeeOther, (await PostAsync(browser, again)).StatusCode);
    }

    [Fact]
    public async Task A_page_whose_session_has_ended_leads_to_log_in_and_allows_nothing()
    {
        var (rp, account, browser) = await GivenAsync();
        var form = await FormAsync(browser, rp.AuthorizeUrl(("state", "s")));

        portal.Time.Advance(TimeSpan.FromDays(2));
        var response = await PostAsync(browser, form);

        Assert.StartsWith("/account/login?returnUrl=", response.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.DoesNotContain("decision", response.RedirectQuery()["returnUrl"], StringComparison.Ordinal);
        Assert.Equal(0, await GrantsOfAsync(account));
    }

    [Fact]
    public async Task A_form_of_another_session_of_the_same_account_is_not_counted()
    {
        var (rp, account, browser) = await GivenAsync();
        var elsewhere = await portal.BrowserOfAsync(account);
        var form = await FormAsync(browser, rp.AuthorizeUrl());
        await FormAsync(elsewhere, rp.AuthorizeUrl());

        await ShouldAskAgainAsync(await PostAsync(elsewhere, form));
        await ShouldAskAgainAsync(await PostAsync(await portal.BrowserOfAsync(account), form));
        Assert.Equal(0, await GrantsOfAsync(account));
    }

    [Fact]
    public async Task A_ticket_of_another_apps_page_is_not_counted()
    {
        var (rp, account, browser) = await GivenAsync();
        var (other, _, _) = await GivenAsync();
        var seen = await FormAsync(browser, rp.AuthorizeUrl());
        var form = await FormAsync(browser, other.AuthorizeUrl());
        form["consent_ticket"] = seen["consent_ticket"];

        await ShouldAskAgainAsync(await PostAsync(browser, form));
        form["consent_ticket"] = "";
        await ShouldAskAgainAsync(await PostAsync(browser, form));
        form["consent_ticket"] = seen["__RequestVerificationToken"];
        await ShouldAskAgainAsync(await PostAsync(browser, form));
        Assert.Equal(0, await GrantsOfAsync(account));
    }

    [Fact]
    public async Task A_form_sent_twice_gives_two_codes_that_have_nothing_to_do_with_each_other()
    {
        var (rp, account, browser) = await GivenAsync();
        var form = await FormAsync(browser, rp.AuthorizeUrl());

        var codes = (await Task.WhenAll(PostAsync(browser, form), PostAsync(browser, form))).Select(answer => answer.RedirectQuery()["code"]).ToArray();
        var first = (await rp.ExchangeAsync(codes[0]))["access_token"]!;
        var second = (await rp.ExchangeAsync(codes[1]))["access_token"]!;
        await rp.RevokeAsync(first);

        Assert.NotEqual(codes[0], codes[1]);
        Assert.Equal(2, await GrantsOfAsync(account));
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(second)).Status);
    }

    [Fact]
    public async Task Of_two_tabs_with_two_accounts_the_older_one_allows_nothing_for_either()
    {
        var (rp, account, browser) = await GivenAsync();
        var other = await portal.AccountAsync();
        var form = await FormAsync(browser, rp.AuthorizeUrl());
        await portal.SignInAsync(browser, other);
        await FormAsync(browser, rp.AuthorizeUrl());

        var answer = await PostAsync(browser, form);

        await ShouldAskAgainAsync(answer);
        Assert.Contains(other.Email, (await answer.PageAsync()).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal((0, 0), (await GrantsOfAsync(account), await GrantsOfAsync(other)));
    }

    private async Task<(RelyingParty, GivenAccount, HttpClient)> GivenAsync()
    {
        var account = await portal.AccountAsync();
        return (new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), Callback)), account, await portal.BrowserOfAsync(account));
    }

    private Task<int> GrantsOfAsync(GivenAccount account)
        => portal.AskDatabaseAsync(database => database.Grants.CountAsync(grant => grant.Subject == account.Id));
}

public sealed class StaleConsentOnSqlite(PortalFactory portal) : StaleConsentTests(portal), IClassFixture<PortalFactory>;

public sealed class StaleConsentOnPostgreSql(PostgreSqlPortal portal) : StaleConsentTests(portal), IClassFixture<PostgreSqlPortal>;
