using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Xeno.Portal.Tests.Support;
using static Xeno.Portal.Tests.Support.GivenApps;

namespace Xeno.Portal.Tests.OAuth;

/// <summary>Requests to /oauth/authorize whose answer depends on their parameters. Does not depend on the database.</summary>
[Trait("Category", "Fast")]
public sealed class AuthorizeRequestTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
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
        var (rp, browser) = await portal.AppAndBrowserAsync();

        await (await browser.GetAsync(rp.AuthorizeUrl(("redirect_uri", redirectUri)))).ShouldBeErrorPageAsync();
    }

    [Fact]
    public async Task Client_and_redirect_uri_are_checked_before_the_log_in()
    {
        var rp = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), Callback));

        await (await portal.Browser().GetAsync(rp.AuthorizeUrl(("redirect_uri", "https://evil.example/")))).ShouldBeErrorPageAsync();
    }

    [Fact]
    public async Task An_app_with_several_redirect_uris_must_send_one()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync(Callback, "https://app.example/other");

        await (await browser.GetAsync(rp.AuthorizeUrl())).ShouldBeErrorPageAsync();
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
        var (rp, browser) = await portal.AppAndBrowserAsync(registered);

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
    [InlineData("prompt", "none login", "invalid_request")]
    [InlineData("request", "eyJhbGciOiJub25lIn0.e30.", "invalid_request")]
    [InlineData("request_uri", "https://app.example/request", "invalid_request")]
    public async Task Every_later_error_is_sent_to_the_app(string name, string? value, string error)
    {
        var rp = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), Callback));

        var response = await portal.Browser().GetAsync(rp.AuthorizeUrl(("state", "xyz"), (name, value)));

        Assert.StartsWith(Callback + "?", response.Headers.Location?.OriginalString, StringComparison.Ordinal);
        var query = response.RedirectQuery();
        query.ShouldBeError(error);
        Assert.Equal("xyz", query["state"]);
    }

    [Theory]
    [InlineData("response_type=token", "The response_type is 'token'; only code is supported.")]
    [InlineData("response_mode=fragment", "The response_mode is 'fragment'; answers go to the redirect URI's query.")]
    [InlineData("request=x", "Request objects (the parameters request and request_uri) are not supported.")]
    [InlineData("request_uri=x", "Request objects (the parameters request and request_uri) are not supported.")]
    [InlineData("prompt=none%20select_account", "The prompt value none cannot be combined with others.")]
    [InlineData("prompt=none%20login", "The prompt value none cannot be combined with others.")]
    [InlineData("code_challenge_method=S256", "There is a code_challenge_method but no code_challenge.")]
    [InlineData("code_challenge=x", "The code_challenge_method is missing, which would mean plain")]
    [InlineData("code_challenge=x&code_challenge_method=plain", "The code_challenge_method is 'plain'; only S256 is supported.")]
    [InlineData("code_challenge=short&code_challenge_method=S256", "The code_challenge is no S256 challenge")]
    [InlineData("code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=&code_challenge_method=S256",
        "The code_challenge is no S256 challenge")]
    [InlineData("code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw%2BcM&code_challenge_method=S256",
        "The code_challenge is no S256 challenge")]
    [InlineData("state=a&state=b", "The parameter 'state' was sent more than once.")]
    public async Task An_error_says_what_to_send_instead(string query, string description)
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();

        var answer = (await browser.GetAsync($"{rp.AuthorizeUrl()}&{query}")).RedirectQuery();

        Assert.StartsWith(description, answer["error_description"], StringComparison.Ordinal);
        Assert.DoesNotContain("request_id", answer.Keys);
    }

    [Theory]
    [InlineData("?scope=widgets", "The parameter client_id is missing.", "unknown-client")]
    [InlineData("?client_id=a&client_id=b", "The parameter 'client_id' was sent more than once.", "unknown-client")]
    [InlineData("?client_id=xa_unknown", "No app has this client_id.", "unknown-client")]
    [InlineData("", "The parameter client_id is missing.", "unknown-client")]
    [InlineData("?", "The parameter client_id is missing.", "unknown-client")]
    [InlineData("?{app}&redirect_uri=https://evil.example/", "The redirect_uri is not registered for this app.",
        "unregistered-redirect-uri")]
    [InlineData("?{app}&redirect_uri=https://app.example/1&redirect_uri=https://app.example/1",
        "The parameter 'redirect_uri' was sent more than once.", "unregistered-redirect-uri")]
    [InlineData("?{app}", "The parameter redirect_uri is missing, and this app has several registered.", "unregistered-redirect-uri")]
    public async Task An_error_page_says_what_to_send_instead_and_links_to_the_explanation(
        string query, string description, string paragraph)
    {
        var (rp, browser) = await portal.AppAndBrowserAsync("https://app.example/1", "https://app.example/2");

        await ShouldExplainAsync(
            await browser.GetAsync("/oauth/authorize" + query.Replace("{app}", $"client_id={rp.App.ClientId}&scope=widgets",
                StringComparison.Ordinal)),
            description, paragraph);
    }

    [Fact]
    public async Task An_app_whose_redirect_uris_are_gone_is_told_to_register_one()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        await portal.AskDatabaseAsync(database => database.Apps.Where(app => app.ClientId == rp.App.ClientId)
            .ExecuteUpdateAsync(app => app.SetProperty(a => a.RedirectUris, "[]")));

        await ShouldExplainAsync(
            await browser.GetAsync(rp.AuthorizeUrl()), "This app has no redirect URI registered.", "unregistered-redirect-uri");
    }

    [Fact]
    public async Task A_posted_request_that_is_not_a_form_is_an_error_page()
    {
        var (_, browser) = await portal.AppAndBrowserAsync();

        await ShouldExplainAsync(
            await browser.PostAsync("/oauth/authorize", JsonContent.Create(new { client_id = "x" })),
            "The body's Content-Type is 'application/json; charset=utf-8'", "invalid_request");
    }

    [Theory]
    [InlineData("login consent")]
    [InlineData("consent  consent")]
    [InlineData(" none ")]
    [InlineData("none unheard_of")]
    [InlineData("unheard_of")]
    public async Task Prompts_may_be_combined_surrounded_by_spaces_and_unknown(string prompt)
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();

        var answer = await browser.GetAsync(rp.AuthorizeUrl(("prompt", prompt)));

        Assert.DoesNotContain("invalid_request", answer.Headers.Location?.OriginalString ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task PKCE_with_plain_is_refused()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();

        var answer = await browser.GetAsync(rp.AuthorizeUrl(
            ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), ("code_challenge_method", "plain")));
        answer.RedirectQuery().ShouldBeError("invalid_request");
    }

    [Fact]
    public async Task An_app_without_a_secret_needs_PKCE()
    {
        var rp = new RelyingParty(portal, await portal.PublicAppAsync(await portal.AccountAsync(), "com.example.app:/cb"));

        var response = await portal.Browser().GetAsync(rp.AuthorizeUrl());

        Assert.StartsWith("com.example.app:/cb?", response.Headers.Location!.OriginalString, StringComparison.Ordinal);
        response.RedirectQuery().ShouldBeError("invalid_request");
    }

    [Theory]
    [InlineData("state=a&state=b", null)]
    [InlineData("state=%FF", null)]
    [InlineData("state=a%00b", "a\0b")]
    [InlineData("state=a%0D%0ASet-Cookie%3A%20x%3Dy", "a\r\nSet-Cookie: x=y")]
    [InlineData("state=s&nonce=1&nonce=2", "s")]
    [InlineData("state=s&scope=faqs", "s")]
    [InlineData("state=s&%FF=x", "s")]
    public async Task Repeated_or_undecodable_parameters_are_refused_and_not_corrected(string query, string? state)
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();

        var answer = (await browser.GetAsync($"{rp.AuthorizeUrl()}&{query}")).RedirectQuery();

        answer.ShouldBeError("invalid_request");
        Assert.Equal(state, answer.GetValueOrDefault("state"));
    }

    [Theory]
    [InlineData("state", 4096, true)]
    [InlineData("state", 4097, false)]
    [InlineData("unknown", 1024, true)]
    [InlineData("unknown", 1025, false)]
    public async Task Parameters_have_a_maximum_length(string name, int length, bool isTaken)
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();

        var response = await browser.GetAsync(rp.AuthorizeUrl((name, new string('x', length))));

        if (isTaken)
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        else
            response.RedirectQuery().ShouldBeError("invalid_request");
    }

    private static async Task ShouldExplainAsync(HttpResponseMessage response, string description, string paragraph)
    {
        await response.ShouldBeErrorPageAsync();
        var developer = (await response.PageAsync()).QuerySelector("section[aria-labelledby=developer]")!;
        Assert.Contains(developer.QuerySelectorAll("p"), p => p.TextContent.StartsWith(description, StringComparison.Ordinal));
        Assert.EndsWith($"/docs/errors#{paragraph}", developer.QuerySelector("a")!.GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_parameters_are_ignored()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();

        var response = await browser.GetAsync(rp.AuthorizeUrl(("nonce", "n"), ("resource", "https://elsewhere.example"), ("claims", "{}"),
            ("id_token_hint", "eyJhbGciOiJub25lIn0.e30."), ("audience", "x"), ("max_age", "-1")));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
