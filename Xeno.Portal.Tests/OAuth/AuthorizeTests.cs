using System.Net;
using Microsoft.EntityFrameworkCore;
using Xeno.Portal.Tests.Support;
using static Xeno.Portal.Tests.Support.GivenApps;

namespace Xeno.Portal.Tests.OAuth;

/// <summary>GET /oauth/authorize (RFC 6749 section 4.1.1).</summary>
public abstract class AuthorizeTests(PortalFactory portal)
{
    [Fact]
    public async Task The_documented_parameters_alone_are_enough()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();

        var authorize = $"/oauth/authorize?client_id={rp.App.ClientId}&scope=widgets";
        var answer = (await RelyingParty.DecideAsync(browser, authorize, "allow")).RedirectQuery();
        var token = await rp.PostAsync(
            "/oauth/token", [("client_id", rp.App.ClientId), ("client_secret", rp.App.Secret), ("code", answer["code"])]);

        Assert.Equal(HttpStatusCode.OK, token.Status);
        Assert.Matches("^[0-9a-f]{64}$", token["access_token"]);
        Assert.Equal("Bearer", token["token_type"]);
        Assert.Equal("widgets", token["scope"]);
        Assert.Equal(["access_token", "scope", "token_type"], token.Json.EnumerateObject().Select(p => p.Name).Order());
        Assert.True(token.Response.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task The_answer_is_code_state_and_issuer_by_303_after_the_form()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();

        var response = await RelyingParty.DecideAsync(browser, rp.AuthorizeUrl(("state", "a b&c=d/ü\"<>")), "allow");

        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.True(response.Headers.CacheControl?.NoStore, "The address has a code in it.");
        Assert.StartsWith(Callback + "?", response.Headers.Location!.OriginalString, StringComparison.Ordinal);
        var query = response.RedirectQuery();
        Assert.Equal(["code", "iss", "state"], query.Keys.Order());
        Assert.Equal("a b&c=d/ü\"<>", query["state"]);
        Assert.Equal("http://localhost", query["iss"]);
    }

    [Fact]
    public async Task Cancel_is_access_denied_and_installs_nothing()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();

        var query = (await RelyingParty.DecideAsync(browser, rp.AuthorizeUrl(("state", "s")), "cancel")).RedirectQuery();

        query.ShouldBeError("access_denied");
        Assert.Contains("did not allow it", query["error_description"], StringComparison.Ordinal);
        Assert.Equal("s", query["state"]);
        Assert.Equal(0, await TokensOfAsync(rp.App));
    }

    [Theory]
    [InlineData("")]
    [InlineData("client_id=")]
    [InlineData("client_id=xa_unknown")]
    [InlineData("client_id=xa_unknown&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&state=s")]
    [InlineData("client_id=a&client_id=b")]
    [InlineData("client_id=%FF%FE")]
    [InlineData("client_id=a%00b")]
    [InlineData("client_id=%3Cscript%3Ealert(1)%3C%2Fscript%3E")]
    public async Task An_unknown_client_never_redirects(string query)
    {
        var response = await portal.Browser().GetAsync($"/oauth/authorize?{query}&scope=widgets");

        await response.ShouldBeErrorPageAsync();
    }

    [Fact]
    public async Task Without_a_session_the_log_in_leads_back_to_the_same_request()
    {
        var rp = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), Callback));
        var url = rp.AuthorizeUrl(("state", "ü &=+%"), ("redirect_uri", Callback));
        var browser = portal.Browser();

        var login = await browser.GetAsync(url);

        Assert.StartsWith("/account/login?returnUrl=", login.Headers.Location!.OriginalString, StringComparison.Ordinal);
        await portal.SignInAsync(browser, await portal.AccountAsync());
        var answer = await RelyingParty.DecideAsync(browser, login.RedirectQuery()["returnUrl"], "allow");
        Assert.Equal("ü &=+%", answer.RedirectQuery()["state"]);
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Other_methods_have_no_effect(string method)
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        await rp.InstallAsync(browser);
        var before = await TokensOfAsync(rp.App);

        using var request = new HttpRequestMessage(new HttpMethod(method), rp.AuthorizeUrl());
        request.Headers.Add("Origin", "https://app.example");
        var response = await browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal(before, await TokensOfAsync(rp.App));
    }

    [Fact]
    public async Task A_suspended_app_gets_unauthorized_client()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        await portal.AskDatabaseAsync(database => database.Apps.Where(app => app.ClientId == rp.App.ClientId)
            .ExecuteUpdateAsync(app => app.SetProperty(a => a.SuspendedAt, portal.Time.GetUtcNow())));

        (await browser.GetAsync(rp.AuthorizeUrl())).RedirectQuery().ShouldBeError("unauthorized_client");
    }

    private Task<int> TokensOfAsync(GivenApp app)
        => portal.AskDatabaseAsync(database => database.Tokens.CountAsync(token => token.Application!.ClientId == app.ClientId));
}

[Trait("Category", "Fast")]
public sealed class AuthorizeOnSqlite(PortalFactory portal) : AuthorizeTests(portal), IClassFixture<PortalFactory>;

[Trait("Category", "Database")]
public sealed class AuthorizeOnPostgreSql(PostgreSqlPortal portal) : AuthorizeTests(portal), IClassFixture<PostgreSqlPortal>;
