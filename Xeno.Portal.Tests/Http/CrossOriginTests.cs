using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Http;

/// <summary>
/// Scripts of any origin can read the answers of the API, of the token and revocation endpoints, and all that is well-known.
/// </summary>
[Trait("Category", "Fast")]
public sealed class CrossOriginTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Theory]
    [InlineData("GET", "/api/v1/me", 401)]
    [InlineData("GET", "/api/v1/nothing", 404)]
    [InlineData("GET", "/api/nothing", 404)]
    [InlineData("PUT", "/api/v1/me", 405)]
    [InlineData("GET", "/.well-known/oauth-authorization-server", 200)]
    [InlineData("GET", "/.well-known/oauth-protected-resource", 200)]
    [InlineData("GET", "/.well-known/oauth-protected-resource/api/v1", 200)]
    [InlineData("GET", "/.well-known/openid-configuration", 404)]
    [InlineData("GET", "/.well-known/oauth-authorization-server/api/v1", 404)]
    [InlineData("POST", "/.well-known/oauth-protected-resource", 405)]
    [InlineData("POST", "/oauth/token", 400)]
    [InlineData("GET", "/oauth/token", 405)]
    [InlineData("POST", "/oauth/revoke", 400)]
    public async Task An_answer_can_be_read_whatever_its_status(string method, string path, int status)
    {
        var answer = await SendAsync(portal.Browser(), method, path);

        Assert.Equal(status, (int)answer.StatusCode);
        ShouldBeReadable(answer);
    }

    [Theory]
    [InlineData("GET", "/api/v1/me", "Authorization")]
    [InlineData("DELETE", "/api/v1/widgets/1", "If-Match")]
    [InlineData("POST", "/oauth/token", "Content-Type")]
    [InlineData("GET", "/.well-known/nothing", "MCP-Protocol-Version")]
    public async Task A_preflight_is_answered(string method, string path, string header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", "https://app.example");
        request.Headers.Add("Access-Control-Request-Method", method);
        request.Headers.Add("Access-Control-Request-Headers", header);

        var answer = await portal.Browser().SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("*", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal(method, Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Methods")));
        Assert.Equal(header, Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Headers")), ignoreCase: true);
        Assert.Equal(TimeSpan.FromHours(2), TimeSpan.FromSeconds(double.Parse(
            Assert.Single(answer.Headers.GetValues("Access-Control-Max-Age")), CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("GET", "/oauth/authorize")]
    [InlineData("POST", "/oauth/introspect")]
    [InlineData("GET", "/account/login")]
    [InlineData("GET", "/apps")]
    public async Task Pages_and_endpoints_for_servers_cannot_be_read(string method, string path)
    {
        var answer = await SendAsync(portal.Browser(), method, path);

        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/oauth/token")]
    [InlineData("/oauth/revoke")]
    [InlineData("/api/v1/me")]
    public async Task An_app_in_a_browser_can_read_the_answer_when_the_portal_fails(string path)
    {
        await using var failing = new PortalFactory();
        var (rp, browser) = await failing.AppAndBrowserAsync();
        var token = await rp.InstallAsync(browser);
        await failing.AskDatabaseAsync(database => database.Database.ExecuteSqlRawAsync("""ALTER TABLE "Apps" RENAME TO "Away" """));
        var isApi = path.StartsWith("/api", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(isApi ? HttpMethod.Get : HttpMethod.Post, path);
        request.Headers.Add("Origin", "https://spa.example");
        if (isApi)
            request.Headers.Authorization = new("Bearer", token);
        else
            request.Content = new FormUrlEncodedContent(
                [new("client_id", rp.App.ClientId), new("client_secret", rp.App.Secret!), new("code", "x"), new("token", token)]);

        var answer = await failing.Browser().SendAsync(request);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        ShouldBeReadable(answer);
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient browser, string method, string path)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("Origin", "https://app.example");
        return browser.SendAsync(request);
    }

    private static void ShouldBeReadable(HttpResponseMessage answer)
    {
        Assert.Equal("*", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
        string[] exposed = [.. answer.Headers.GetValues("Access-Control-Expose-Headers").SelectMany(names => names.Split(','))];
        Assert.Empty(
            ((string[])["WWW-Authenticate", "Retry-After", "X-Request-Id", "RateLimit", "RateLimit-Policy", "Link", "Location", "ETag"])
            .Except(exposed.Select(name => name.Trim())));
        Assert.True(answer.Headers.Contains("X-Request-Id"));
    }
}
