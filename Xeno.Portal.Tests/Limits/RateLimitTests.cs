using System.Globalization;
using System.Net;
using Xeno.Portal.Accounts;
using Xeno.Portal.Api;
using Xeno.Portal.Limits;
using Xeno.Portal.OAuth;
using Xeno.Portal.Tests.Support;
using static Xeno.Portal.Tests.Support.GivenApps;

namespace Xeno.Portal.Tests.Limits;

/// <summary>
/// Each limit of the settings section <c>RateLimits</c> answers 429 in the form that the page, endpoint or API uses for its errors. A
/// caller over its limit does not use up the limit of another caller. Limits refill by real time, so no test waits for it.
/// </summary>
[Trait("Category", "Fast")]
public sealed class RateLimitTests
{
    [Fact]
    public async Task Log_ins_are_limited_for_each_address()
    {
        await using var portal = With("LogInsPerAddress", 2);
        var account = await portal.AccountAsync();
        for (var i = 0; i < 2; i++)
            Assert.Equal(HttpStatusCode.OK, (await portal.Browser().LogInAsync(account.Email, "wrong password")).StatusCode);

        var refused = await portal.Browser().LogInAsync(account.Email);

        await ShouldKeepWhatWasTypedAsync(refused, account.Email);
        Assert.Equal(HttpStatusCode.Redirect, (await portal.Browser().RegisterAsync($"{Guid.NewGuid():N}@example.com")).StatusCode);
    }

    [Fact]
    public async Task Registrations_are_limited_for_each_address()
    {
        await using var portal = With("RegistrationsPerAddress", 2);
        for (var i = 0; i < 2; i++)
            Assert.Equal(HttpStatusCode.Redirect, (await portal.Browser().RegisterAsync($"{Guid.NewGuid():N}@example.com")).StatusCode);

        var refused = await portal.Browser().RegisterAsync("one.more@example.com");

        await ShouldKeepWhatWasTypedAsync(refused, "one.more@example.com");
        Assert.Equal(HttpStatusCode.Redirect, (await portal.Browser().LogInAsync((await portal.AccountAsync()).Email)).StatusCode);
    }

    [Fact]
    public async Task Authorizations_are_limited_for_each_address()
    {
        await using var portal = With("AuthorizationsPerAddress", 2);
        var rp = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), Callback));
        var browser = await portal.BrowserOfAsync(await portal.AccountAsync());
        for (var i = 0; i < 2; i++)
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(rp.AuthorizeUrl())).StatusCode);

        await ShouldBeThePageAsync(await browser.GetAsync(rp.AuthorizeUrl()));
        Assert.Equal(HttpStatusCode.BadRequest, (await rp.ExchangeAsync("x")).Status);
    }

    [Fact]
    public async Task Codes_are_limited_for_each_account()
    {
        await using var portal = With("CodesPerAccount", 2);
        var rp = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), Callback));
        var browser = await portal.BrowserOfAsync(await portal.AccountAsync());
        await rp.InstallAsync(browser);
        await rp.CodeAsync(browser);

        await ShouldBeThePageAsync(await RelyingParty.DecideAsync(browser, rp.AuthorizeUrl(("prompt", "consent")), "allow"));
        await ShouldBeThePageAsync(await browser.GetAsync(rp.AuthorizeUrl())); // The consent is remembered.
        var cancelled = await RelyingParty.DecideAsync(browser, rp.AuthorizeUrl(("prompt", "consent")), "cancel");
        Assert.Equal("access_denied", cancelled.RedirectQuery()["error"]);
        await rp.CodeAsync(await portal.BrowserOfAsync(await portal.AccountAsync()));
    }

    [Theory]
    [InlineData("/oauth/token")]
    [InlineData("/oauth/revoke")]
    [InlineData("/oauth/introspect")]
    public async Task Protocol_requests_are_limited_for_each_address(string path)
    {
        await using var portal = With("ProtocolRequestsPerAddress", 2);
        var rp = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), Callback));
        await rp.ExchangeAsync("x");
        await rp.RevokeAsync("x");

        ShouldBeTheProtocolsError(await rp.PostAsync(path, [("client_id", rp.App.ClientId)]));
    }

    [Theory]
    [InlineData("/oauth/token")]
    [InlineData("/oauth/revoke")]
    [InlineData("/oauth/introspect")]
    public async Task Protocol_requests_are_limited_for_each_app(string path)
    {
        await using var portal = With("ProtocolRequestsPerApp", 2);
        var owner = await portal.AccountAsync();
        var rp = new RelyingParty(portal, await portal.AppAsync(owner, Callback));
        var other = new RelyingParty(portal, await portal.AppAsync(owner, Callback));
        var browser = await portal.BrowserOfAsync(await portal.AccountAsync());
        var (token, others) = (await rp.InstallAsync(browser), await other.InstallAsync(browser));

        // Requests with only the Client ID do not count against the app.
        for (var i = 0; i < 5; i++)
            await rp.PostAsync(path, [("client_id", rp.App.ClientId), ("client_secret", "wrong"), ("token", token), ("code", "x")]);
        Assert.Equal("True", (await rp.IntrospectAsync(token))["active"]);

        ShouldBeTheProtocolsError(await rp.PostAsync(path,
            [("client_id", rp.App.ClientId), ("client_secret", rp.App.Secret), ("token", token), ("code", await rp.CodeAsync(browser))]));
        Assert.Equal("True", (await other.IntrospectAsync(others))["active"]);
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(token)).Status);
    }

    [Fact]
    public async Task A_stranger_does_not_use_up_the_limit_of_an_app_without_a_secret()
    {
        await using var portal = new PeerPortal(("RateLimits:ProtocolRequestsPerApp", "2"));
        portal.ClientOptions.BaseAddress = new Uri("https://portal.example");
        var app = await portal.PublicAppAsync(await portal.AccountAsync(), "com.example.app:/cb");
        var rp = new RelyingParty(portal, app);
        var code = await rp.CodeAsync(
            await portal.BrowserOfAsync(await portal.AccountAsync()),
            ("code_challenge", new string('c', 43)), ("code_challenge_method", "S256"));
        for (var i = 0; i < 2; i++)
            (await WrongAsync()).ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant");
        ShouldBeTheProtocolsError(await WrongAsync());

        portal.Peer = "203.0.113.2";

        (await WrongAsync()).ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant");

        Task<JsonAnswer> WrongAsync() => rp.ExchangeAsync(code, ("code_verifier", new string('v', 43)));
    }

    [Fact]
    public async Task API_calls_are_limited_for_each_app_and_account_with_all_its_tokens_together()
    {
        await using var portal = With("ApiCallsPerAppAndAccount", 2);
        var rp = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), Callback));
        var browser = await portal.BrowserOfAsync(await portal.AccountAsync());
        var (first, second) = (await rp.InstallAsync(browser), await rp.InstallAsync(browser));
        var ofAnother = await rp.InstallAsync(await portal.BrowserOfAsync(await portal.AccountAsync()));
        var other = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), Callback));
        var ofOther = await other.InstallAsync(browser);
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(first)).Status);
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(second)).Status);

        ShouldBeTheApisProblem(await rp.CallAsync(first, "/api/v1/widgets"));
        ShouldBeTheApisProblem(await rp.CallAsync(second));
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(ofAnother)).Status);
        Assert.Equal(HttpStatusCode.OK, (await other.CallAsync(ofOther)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await rp.CallAsync("garbage")).Status);
    }

    [Fact]
    public async Task API_calls_without_a_valid_token_are_limited_for_each_address()
    {
        await using var portal = With("RefusedApiCallsPerAddress", 2);
        var rp = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), Callback));
        var token = await rp.InstallAsync(await portal.BrowserOfAsync(await portal.AccountAsync()));
        for (var i = 0; i < 2; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await rp.CallAsync($"garbage {i}")).Status);

        ShouldBeTheApisProblem(await rp.CallAsync("garbage"));
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(token)).Status);
    }

    [Fact]
    public async Task Without_rate_limits_nothing_is_limited()
    {
        await using var portal = new PortalFactory { Settings = { ["RateLimits:Enabled"] = "false" } };
        foreach (var limit in new[] { typeof(RateLimitOptions), typeof(AccountRateLimits), typeof(OAuthRateLimits), typeof(ApiRateLimits) }
                     .SelectMany(options => options.GetProperties()).Where(limit => limit.PropertyType == typeof(int)))
            portal.Settings[$"RateLimits:{limit.Name}"] = "1";
        var account = await portal.AccountAsync();
        var rp = new RelyingParty(portal, await portal.AppAsync(account, Callback));
        var browser = await portal.BrowserOfAsync(account);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await portal.Browser().LogInAsync(account.Email, "wrong password")).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await rp.ExchangeAsync("x", ("client_secret", "wrong"))).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await rp.CallAsync("garbage")).Status);
            Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(await rp.InstallAsync(browser))).Status);
        }

        Assert.Equal(HttpStatusCode.Redirect, (await portal.Browser().LogInAsync(account.Email)).StatusCode);
    }

    private static PortalFactory With(string limit, int most)
        => new() { Settings = { [$"RateLimits:{limit}"] = most.ToString(CultureInfo.InvariantCulture) } };

    private static void ShouldBeTooMany(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    private static void ShouldBeTheProtocolsError(JsonAnswer answer)
    {
        ShouldBeTooMany(answer.Response);
        answer.ShouldBeError(HttpStatusCode.TooManyRequests, "temporarily_unavailable");
        Assert.NotNull(answer["request_id"]);
        Assert.Equal("application/json", answer.Response.Content.Headers.ContentType!.MediaType);
    }

    private static void ShouldBeTheApisProblem(JsonAnswer answer)
    {
        ShouldBeTooMany(answer.Response);
        Assert.Equal("application/problem+json", answer.Response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(("429", "too_many_requests"), (answer["status"], answer["error"]));
        Assert.EndsWith("/docs/errors#too_many_requests", answer["type"]);
        Assert.NotNull(answer["request_id"]);
    }

    private static async Task ShouldBeThePageAsync(HttpResponseMessage response)
    {
        ShouldBeTooMany(response);
        Assert.Null(response.Headers.Location);
        Assert.Equal("Too many requests", (await response.PageAsync()).QuerySelector("h1")!.TextContent);
    }

    private static async Task ShouldKeepWhatWasTypedAsync(HttpResponseMessage response, string email)
    {
        ShouldBeTooMany(response);
        var page = await response.PageAsync();
        Assert.Contains("try again", page.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(email, page.QuerySelector("input[type=email]")!.GetAttribute("value"));
        Assert.All(page.QuerySelectorAll("input[type=password]"), input => Assert.Null(input.GetAttribute("value")));
        Assert.False(response.Headers.TryGetValues("Set-Cookie", out var cookies)
            && cookies.Any(cookie => cookie.Contains("xeno-session", StringComparison.Ordinal)));
    }
}
