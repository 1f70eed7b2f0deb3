using System.Net;
using Microsoft.EntityFrameworkCore;
using Xeno.Portal.Tests.Support;
using static Xeno.Portal.Tests.Support.ConsentForms;
using static Xeno.Portal.Tests.Support.GivenApps;

namespace Xeno.Portal.Tests.Weaknesses;

/// <summary>Stale consent: an Allow that was not meant for this account, this request, or this moment allows nothing.</summary>
[Trait("Category", "Fast")]
public sealed class StaleConsentTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Fact]
    public async Task A_form_sent_too_late_asks_again()
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
    public async Task A_form_of_an_ended_session_leads_to_log_in_and_allows_nothing()
    {
        var (rp, account, browser) = await GivenAsync();
        var form = await FormAsync(browser, rp.AuthorizeUrl(("state", "s")));

        portal.Leap(TimeSpan.FromDays(20));
        var response = await PostAsync(browser, form);

        Assert.StartsWith("/account/login?returnUrl=", response.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.DoesNotContain("decision", response.RedirectQuery()["returnUrl"], StringComparison.Ordinal);
        Assert.Equal(0, await GrantsOfAsync(account));
    }

    [Fact]
    public async Task A_form_of_another_session_of_the_same_account_asks_again()
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
    public async Task A_ticket_of_another_apps_page_asks_again()
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

    [Theory]
    [InlineData("scope", "widgets contacts")]
    [InlineData("state", "other")]
    [InlineData("redirect_uri", "https://app.example/other")]
    [InlineData("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")]
    public async Task An_allow_counts_only_for_the_request_that_the_page_showed(string field, string value)
    {
        var (rp, browser) = await portal.AppAndBrowserAsync(Callback, "https://app.example/other");
        var form = await FormAsync(browser, rp.AuthorizeUrl(("state", "s"), ("redirect_uri", Callback)));
        form[field] = value;
        if (field == "code_challenge")
            form["code_challenge_method"] = "S256";

        await ShouldAskAgainAsync(await PostAsync(browser, form));
    }

    [Fact]
    public async Task A_form_without_the_antiforgery_token_asks_again()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        var form = await FormAsync(browser, rp.AuthorizeUrl());
        form.Remove("__RequestVerificationToken");

        await ShouldAskAgainAsync(await PostAsync(browser, form));
    }

    [Fact]
    public async Task The_page_can_be_neither_framed_nor_stored_and_sends_no_referrer()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync(Callback, "https://other.example/cb");

        var response = await browser.GetAsync(rp.AuthorizeUrl(("redirect_uri", Callback)));

        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("DENY", Assert.Single(response.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    private async Task<(RelyingParty, GivenAccount, HttpClient)> GivenAsync()
    {
        var account = await portal.AccountAsync();
        var app = await portal.AppAsync(await portal.AccountAsync(), Callback);
        return (new RelyingParty(portal, app), account, await portal.BrowserOfAsync(account));
    }

    private Task<int> GrantsOfAsync(GivenAccount account)
        => portal.AskDatabaseAsync(database => database.Grants.CountAsync(grant => grant.Subject == account.Id));
}
