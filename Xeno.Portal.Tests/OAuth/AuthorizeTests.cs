using System.Net;
using Microsoft.EntityFrameworkCore;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.OAuth;

/// <summary>GET /oauth/authorize, row by row of DESIGN.md section 1.</summary>
public abstract class AuthorizeTests(PortalFactory portal)
{
    private const string Callback = "https://app.example/callback";

    [Fact]
    public async Task The_published_page_alone_is_enough()
    {
        var (rp, browser) = await AppAndBrowserAsync();

        var answer = (await RelyingParty.DecideAsync(browser, $"/oauth/authorize?client_id={rp.App.ClientId}&scope=widgets", "allow")).RedirectQuery();
        var token = await rp.PostAsync("/oauth/token", [("client_id", rp.App.ClientId), ("client_secret", rp.App.Secret), ("code", answer["code"])]);

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
        var (rp, browser) = await AppAndBrowserAsync();

        var response = await RelyingParty.DecideAsync(browser, rp.AuthorizeUrl(("state", "a b&c=d/ü\"<>")), "allow");

        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.StartsWith(Callback + "?", response.Headers.Location!.OriginalString, StringComparison.Ordinal);
        var query = response.RedirectQuery();
        Assert.Equal(["code", "iss", "state"], query.Keys.Order());
        Assert.Equal("a b&c=d/ü\"<>", query["state"]);
        Assert.Equal("http://localhost", query["iss"]);
    }

    [Fact]
    public async Task Cancel_is_access_denied_and_installs_nothing()
    {
        var (rp, browser) = await AppAndBrowserAsync();

        var query = (await RelyingParty.DecideAsync(browser, rp.AuthorizeUrl(("state", "s")), "cancel")).RedirectQuery();

        ShouldBeError(query, "access_denied");
        Assert.Equal("s", query["state"]);
        Assert.Equal(0, await TokensOfAsync(rp.App));
    }

    [Theory]
    [InlineData("")]
    [InlineData("client_id=")]
    [InlineData("client_id=xa_nobody")]
    [InlineData("client_id=xa_nobody&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&state=s")]
    [InlineData("client_id=a&client_id=b")]
    [InlineData("client_id=%FF%FE")]
    [InlineData("client_id=a%00b")]
    [InlineData("client_id=%3Cscript%3Ealert(1)%3C%2Fscript%3E")]
    public async Task An_unknown_client_never_redirects(string query)
    {
        var response = await portal.Browser().GetAsync($"/oauth/authorize?{query}&scope=widgets");

        await ShouldBeErrorPageAsync(response);
    }

    [Theory]
    [InlineData("https://app.example/callback/")]
    [InlineData("https://app.example/Callback")]
    [InlineData("https://APP.example/callback")]
    [InlineData("https://app.example:443/callback")]
    [InlineData("https://app.example/callback?x=1")]
    [InlineData("https://app.example/callback#x")]
    [InlineData("https://app.example/callback/../callback")]
    [InlineData("https://app.example/%63allback")]
    [InlineData("https://user@app.example/callback")]
    [InlineData("https://app.example@evil.example/callback")]
    [InlineData("https://app.example.evil.example/callback")]
    [InlineData("https://app.example\\@evil.example/callback")]
    [InlineData("http://app.example/callback")]
    [InlineData("//app.example/callback")]
    [InlineData("javascript:alert(1)")]
    [InlineData(" https://app.example/callback")]
    [InlineData("https://app.example/callback\0")]
    [InlineData("https://app.example/callback\r\nX: y")]
    public async Task A_redirect_uri_that_is_not_registered_never_redirects(string redirectUri)
    {
        var (rp, browser) = await AppAndBrowserAsync();

        await ShouldBeErrorPageAsync(await browser.GetAsync(rp.AuthorizeUrl(("redirect_uri", redirectUri))));
    }

    [Fact]
    public async Task Client_and_redirect_uri_are_judged_before_anyone_is_asked_to_log_in()
    {
        var rp = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), Callback));

        await ShouldBeErrorPageAsync(await portal.Browser().GetAsync(rp.AuthorizeUrl(("redirect_uri", "https://evil.example/"))));
    }

    [Fact]
    public async Task An_app_with_several_redirect_uris_must_send_one()
    {
        var (rp, browser) = await AppAndBrowserAsync(Callback, "https://app.example/other");

        await ShouldBeErrorPageAsync(await browser.GetAsync(rp.AuthorizeUrl()));
        var answer = await RelyingParty.DecideAsync(browser, rp.AuthorizeUrl(("redirect_uri", "https://app.example/other")), "allow");
        Assert.StartsWith("https://app.example/other?", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:51004/cb", true)]
    [InlineData("http://127.0.0.1:8080/cb", "http://127.0.0.1:51004/cb", true)]
    [InlineData("http://[::1]:8080/cb?a=1", "http://[::1]/cb?a=1", true)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:51004/other", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:0/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:99999/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:1@evil.example/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1.evil.example/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.2/cb", false)]
    [InlineData("http://localhost:8080/cb", "http://localhost:8081/cb", false)]
    [InlineData("https://app.example/cb", "https://app.example:8443/cb", false)]
    public async Task Only_the_port_of_a_loopback_address_may_differ(string registered, string sent, bool matches)
    {
        var (rp, browser) = await AppAndBrowserAsync(registered);

        var response = await browser.GetAsync(rp.AuthorizeUrl(("redirect_uri", sent)));

        Assert.Equal(matches ? HttpStatusCode.OK : HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_type", "code token", "unsupported_response_type")]
    [InlineData("response_mode", "fragment", "invalid_request")]
    [InlineData("response_mode", "form_post", "invalid_request")]
    [InlineData("scope", null, "invalid_scope")]
    [InlineData("scope", "", "invalid_scope")]
    [InlineData("scope", " ", "invalid_scope")]
    [InlineData("scope", "openid", "invalid_scope")]
    [InlineData("scope", "offline_access", "invalid_scope")]
    [InlineData("scope", "widgets nothing", "invalid_scope")]
    [InlineData("scope", "Widgets", "invalid_scope")]
    [InlineData("code_challenge", "short", "invalid_request")]
    [InlineData("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "invalid_request")]
    [InlineData("code_challenge_method", "S256", "invalid_request")]
    [InlineData("prompt", "select_account", "invalid_request")]
    [InlineData("prompt", "none login", "invalid_request")]
    [InlineData("request", "eyJhbGciOiJub25lIn0.e30.", "invalid_request")]
    [InlineData("request_uri", "https://app.example/request", "invalid_request")]
    public async Task Every_later_error_goes_back_to_the_app(string name, string? value, string error)
    {
        var rp = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), Callback));

        var response = await portal.Browser().GetAsync(rp.AuthorizeUrl(("state", "xyz"), (name, value)));

        Assert.StartsWith(Callback + "?", response.Headers.Location?.OriginalString, StringComparison.Ordinal);
        var query = response.RedirectQuery();
        ShouldBeError(query, error);
        Assert.Equal("xyz", query["state"]);
    }

    [Fact]
    public async Task PKCE_with_plain_is_refused()
    {
        var (rp, browser) = await AppAndBrowserAsync();

        ShouldBeError((await browser.GetAsync(rp.AuthorizeUrl(
            ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), ("code_challenge_method", "plain")))).RedirectQuery(), "invalid_request");
    }

    [Fact]
    public async Task An_app_without_a_secret_needs_PKCE()
    {
        var rp = new RelyingParty(portal, await portal.PublicAppAsync(await portal.AccountAsync(), "com.example.app:/cb"));

        var response = await portal.Browser().GetAsync(rp.AuthorizeUrl());

        Assert.StartsWith("com.example.app:/cb?", response.Headers.Location!.OriginalString, StringComparison.Ordinal);
        ShouldBeError(response.RedirectQuery(), "invalid_request");
    }

    [Theory]
    [InlineData("state=a&state=b", null)]
    [InlineData("state=%FF", null)]
    [InlineData("state=a%00b", "a\0b")]
    [InlineData("state=a%0D%0ASet-Cookie%3A%20x%3Dy", "a\r\nSet-Cookie: x=y")]
    [InlineData("state=s&nonce=1&nonce=2", "s")]
    [InlineData("state=s&scope=faqs", "s")]
    [InlineData("state=s&%FF=x", "s")]
    public async Task What_is_doubled_or_no_text_is_refused_and_never_mended(string query, string? state)
    {
        var (rp, browser) = await AppAndBrowserAsync();

        var answer = (await browser.GetAsync($"{rp.AuthorizeUrl()}&{query}")).RedirectQuery();

        ShouldBeError(answer, "invalid_request");
        Assert.Equal(state, answer.GetValueOrDefault("state"));
    }

    [Theory]
    [InlineData("state", 4096, true)]
    [InlineData("state", 4097, false)]
    [InlineData("unknown", 1024, true)]
    [InlineData("unknown", 1025, false)]
    public async Task Parameters_have_a_longest_length(string name, int length, bool isTaken)
    {
        var (rp, browser) = await AppAndBrowserAsync();

        var response = await browser.GetAsync(rp.AuthorizeUrl((name, new string('x', length))));

        if (isTaken)
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        else
            ShouldBeError(response.RedirectQuery(), "invalid_request");
    }

    [Fact]
    public async Task Unknown_parameters_are_ignored()
    {
        var (rp, browser) = await AppAndBrowserAsync();

        var response = await browser.GetAsync(rp.AuthorizeUrl(("nonce", "n"), ("resource", "https://elsewhere.example"), ("claims", "{}"),
            ("id_token_hint", "eyJhbGciOiJub25lIn0.e30."), ("audience", "x"), ("max_age", "-1")));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Nobody_signed_in_logs_in_first_and_comes_back_to_the_same_request()
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
        var (rp, browser) = await AppAndBrowserAsync();
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
    public async Task A_suspended_app_is_told_so()
    {
        var (rp, browser) = await AppAndBrowserAsync();
        await portal.AskDatabaseAsync(database => database.Apps.Where(app => app.ClientId == rp.App.ClientId)
            .ExecuteUpdateAsync(app => app.SetProperty(a => a.SuspendedAt, portal.Time.GetUtcNow())));

        ShouldBeError((await browser.GetAsync(rp.AuthorizeUrl())).RedirectQuery(), "unauthorized_client");
    }

    private async Task<(RelyingParty, HttpClient)> AppAndBrowserAsync(params string[] redirectUris)
    {
        var app = await portal.AppAsync(await portal.AccountAsync(), redirectUris.Length == 0 ? [Callback] : redirectUris);
        return (new RelyingParty(portal, app), await portal.BrowserOfAsync(await portal.AccountAsync()));
    }

    private Task<int> TokensOfAsync(GivenApp app)
        => portal.AskDatabaseAsync(database => database.Tokens.CountAsync(token => token.Application!.ClientId == app.ClientId));

    internal static void ShouldBeError(Dictionary<string, string> query, string error)
    {
        Assert.Equal(error, query.GetValueOrDefault("error"));
        Assert.Matches("^[\\x20\\x21\\x23-\\x5B\\x5D-\\x7E]+$", query["error_description"]); // RFC 6749 4.1.2.1
        Assert.Equal($"http://localhost/docs/errors#{error}", query["error_uri"]);
        Assert.Equal("http://localhost", query["iss"]);
        Assert.DoesNotContain("code", query.Keys);
    }

    private static async Task ShouldBeErrorPageAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Null(response.Headers.Location);
        var html = await response.Content.ReadAsStringAsync();
        Assert.Contains("<h1", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.Empty((await response.PageAsync()).QuerySelectorAll("a[href^='https://evil'], a[href^='javascript']"));
    }
}

public sealed class AuthorizeOnSqlite(PortalFactory portal) : AuthorizeTests(portal), IClassFixture<PortalFactory>;

public sealed class AuthorizeOnPostgreSql(PostgreSqlPortal portal) : AuthorizeTests(portal), IClassFixture<PostgreSqlPortal>;
