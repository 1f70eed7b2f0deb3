using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Xeno.Portal.Http;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Http;

/// <summary>The middleware around every request: headers, hosts, HTTPS and limits.</summary>
[Trait("Category", "Fast")]
public sealed class HttpTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Theory]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/account/login", HttpStatusCode.OK)]
    [InlineData("/nothing", HttpStatusCode.NotFound)]
    [InlineData("/installed", HttpStatusCode.Redirect)]
    [InlineData("/oauth/authorize", HttpStatusCode.BadRequest)]
    [InlineData("/oauth/token", HttpStatusCode.MethodNotAllowed)]
    [InlineData("/api/v1/me", HttpStatusCode.Unauthorized)]
    [InlineData("/.well-known/oauth-authorization-server", HttpStatusCode.OK)]
    public async Task Every_answer_has_the_security_headers(string path, HttpStatusCode status)
    {
        var response = await portal.Browser().GetAsync(path);

        Assert.Equal(status, response.StatusCode);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("DENY", Assert.Single(response.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Contains("camera=()", Assert.Single(response.Headers.GetValues("Permissions-Policy")), StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Server"));
    }

    /// <summary>The pages of the OAuth flow are not listed: an app may open them in a popup.</summary>
    [Theory]
    [InlineData("/")]
    [InlineData("/docs")]
    [InlineData("/nothing")]
    public async Task A_page_outside_the_OAuth_flow_is_separated_from_its_opener(string path)
    {
        var response = await portal.Browser().GetAsync(path);

        Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Cross-Origin-Opener-Policy")));
    }

    [Theory]
    [InlineData("false", "max-age=31536000")]
    [InlineData("true", "max-age=31536000; includeSubDomains")]
    public async Task Strict_Transport_Security_lasts_a_year_in_production(string includeSubDomains, string expected)
    {
        await using var production = new PortalFactory
        {
            Environment = "Production",
            Settings = { ["OAuth:Issuer"] = "https://portal.example", ["Hosting:HstsIncludeSubDomains"] = includeSubDomains },
        };

        foreach (var path in new[] { "/", "/api/v1/me", "/nothing" })
        {
            var answer = await production.Browser().GetAsync($"https://portal.example{path}");
            Assert.Equal(expected, Assert.Single(answer.Headers.GetValues("Strict-Transport-Security")));
        }
    }

    [Fact]
    public async Task Each_page_has_a_nonce_of_its_own_on_its_scripts()
    {
        var (first, second) = (await portal.Browser().GetAsync("/"), await portal.Browser().GetAsync("/"));

        var nonces = new[] { first, second }
            .Select(r => r.Headers.GetValues("Content-Security-Policy").Single().Split("'nonce-")[1].Split('\'')[0]).ToArray();
        Assert.NotEqual(nonces[0], nonces[1]);
        var page = await first.PageAsync();
        Assert.All(page.Scripts, script => Assert.Equal(nonces[0], script.GetAttribute("nonce")));
        Assert.Empty(page.QuerySelectorAll("[style], style, [onclick]"));
    }

    [Theory]
    [InlineData("portal.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("10.0.0.1")]
    public async Task Without_an_issuer_only_loopback_names_are_served(string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/.well-known/oauth-authorization-server");
        request.Headers.Host = host;

        var response = await portal.Browser().SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("OAuth:Issuer", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_an_https_issuer_every_cookie_that_signs_in_or_recognizes_a_browser_is_bound_to_the_host()
    {
        await using var secure = new PortalFactory { Settings = { ["OAuth:Issuer"] = "https://portal.example" } };
        secure.ClientOptions.BaseAddress = new Uri("https://localhost");
        var account = await secure.AccountAsync();
        var rp = new RelyingParty(secure, await secure.AppAsync(account, GivenApps.Callback));

        var asked = await secure.Browser().GetAsync(rp.AuthorizeUrl(("prompt", "login")));
        var signedIn = await secure.Browser().LogInAsync(account.Email);
        var registered = await secure.Browser().RegisterAsync("new@example.com");

        Assert.Equal(["__Host-xeno-asked"], Names(asked));
        Assert.Equal(["__Host-xeno-device", "__Host-xeno-session"], Names(signedIn));
        Assert.Equal(["__Host-xeno-device", "__Host-xeno-session"], Names(registered));

        static IEnumerable<string> Names(HttpResponseMessage answer)
        {
            var cookies = SetCookieHeaderValue.ParseList([.. answer.Headers.GetValues("Set-Cookie")]);
            Assert.All(cookies, cookie => Assert.Equal(
                (true, true, Microsoft.Net.Http.Headers.SameSiteMode.Lax, "/", null),
                (cookie.Secure, cookie.HttpOnly, cookie.SameSite, cookie.Path.Value, cookie.Domain.Value)));
            return cookies.Select(cookie => cookie.Name.Value!).Order(StringComparer.Ordinal);
        }
    }

    [Fact]
    public async Task With_an_https_issuer_plain_http_is_refused_and_cookies_are_bound_to_the_host()
    {
        await using var secure = new PortalFactory { Settings = { ["OAuth:Issuer"] = "https://portal.example" } };
        var browser = secure.Browser();
        using var plain = new HttpRequestMessage(HttpMethod.Get, "/account/login");
        plain.Headers.Host = "portal.example";
        using var forwarded = new HttpRequestMessage(HttpMethod.Get, "https://portal.example/account/login");

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.SendAsync(plain)).StatusCode);
        var served = await browser.SendAsync(forwarded);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        var cookie = Assert.Single(served.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("__Host-xeno-forms=", cookie, StringComparison.Ordinal);
        Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Keys_and_codes_survive_a_restart()
    {
        await using var first = new PortalFactory();
        var account = await first.AccountAsync();
        var rp = new RelyingParty(first, await first.AppAsync(account, "https://app.example/callback"));
        var browser = await first.BrowserOfAsync(account);
        var code = await rp.CodeAsync(browser);

        await using var second = new PortalFactory { Settings = { ["Database:ConnectionString"] = $"Data Source={first.DatabaseFile}" } };
        var answer = await new RelyingParty(second, rp.App).ExchangeAsync(code);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(HttpStatusCode.OK, (await second.CopyOf(browser).GetAsync("/apps")).StatusCode);
    }

    [Fact]
    public async Task Requests_are_limited_in_size_and_time()
    {
        await using var portal = new PortalFactory();
        var limits = portal.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;
        var longest = portal.Services.GetRequiredService<IOptions<RequestTimeoutOptions>>().Value.DefaultPolicy!;

        Assert.Equal(1024 * 1024, limits.MaxRequestBodySize);
        Assert.True(limits.RequestHeadersTimeout <= TimeSpan.FromSeconds(15));
        Assert.True(limits.MinRequestBodyDataRate is { BytesPerSecond: >= 240, GracePeriod.TotalSeconds: <= 5 });
        Assert.True(longest.Timeout <= TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<RequestTookTooLongException>(() => longest.WriteTimeoutResponse!(new DefaultHttpContext()));
        Assert.Equal(503, ErrorAnswers.StatusOf(new RequestTookTooLongException()));
    }
}
