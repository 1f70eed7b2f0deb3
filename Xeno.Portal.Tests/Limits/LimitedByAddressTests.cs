using System.Net;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Limits;

/// <summary>Evading a rate limit by claiming another address, or by spelling the path in another way.</summary>
[Trait("Category", "Fast")]
public sealed class LimitedByAddressTests
{
    private static readonly (string, string)[] s_few =
    [
        ("RateLimits:ProtocolRequestsPerAddress", "3"),
        ("RateLimits:AuthorizationsPerAddress", "3"),
        ("RateLimits:RefusedApiCallsPerAddress", "3"),
    ];

    [Theory]
    [InlineData("/oauth/token", "POST")]
    [InlineData("/oauth/authorize", "GET")]
    [InlineData("/api/v1/me", "GET")]
    public async Task Forwarded_headers_of_an_untrusted_client_are_ignored(string path, string method)
    {
        await using var portal = new PeerPortal(s_few);

        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 8; i++)
        {
            var address = $"198.51.100.{i}";
            answers.Add(await AskAsync(
                portal, method, path, ("X-Forwarded-For", address), ("X-Real-IP", address), ("Forwarded", $"for={address}"),
                ("X-Client-IP", address), ("CF-Connecting-IP", address), ("True-Client-IP", address)));
        }

        Assert.Equal(3, answers.Count(status => status != HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task A_local_portal_ignores_forwarded_headers_even_from_this_machine()
    {
        await using var portal = new PeerPortal([.. s_few, ("OAuth:Issuer", "http://localhost:5080")]) { Peer = "127.0.0.1" };

        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 8; i++)
            answers.Add(await AskAsync(portal, "POST", "/oauth/token", ("X-Forwarded-For", $"198.51.100.{i}")));

        Assert.Equal(3, answers.Count(status => status != HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task Only_the_address_that_a_trusted_proxy_added_is_used()
    {
        await using var portal = new PeerPortal([.. s_few, ("Hosting:TrustedProxies:0", "203.0.113.0/24")]);

        // The client's own claim stands in front of the address that the proxy has seen.
        var claims = new List<HttpStatusCode>();
        for (var i = 0; i < 5; i++)
            claims.Add(await AskAsync(portal, "POST", "/oauth/token", ("X-Forwarded-For", $"192.0.2.{i}, 198.51.100.1")));

        Assert.Equal(3, claims.Count(status => status != HttpStatusCode.TooManyRequests));
        Assert.NotEqual(
            HttpStatusCode.TooManyRequests, await AskAsync(portal, "POST", "/oauth/token", ("X-Forwarded-For", "198.51.100.2")));
    }

    [Fact]
    public async Task A_wider_IPv6_network_has_not_the_limit_once_for_each_of_its_parts()
    {
        await using var portal = new PeerPortal(s_few);

        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 64; i++) // 64 networks of 64 bits in one of 56: four times the limit of one.
            answers.Add(await AskFromAsync($"2001:db8:0:{i:x}::1"));
        Assert.Equal(12, answers.Count(status => status != HttpStatusCode.TooManyRequests));

        for (var i = 1; i < 64; i++) // 64 networks of 56 bits in one of 48: sixteen times.
            answers.Add(await AskFromAsync($"2001:db8:0:{i:x}00::1"));
        Assert.Equal(48, answers.Count(status => status != HttpStatusCode.TooManyRequests));
        Assert.NotEqual(HttpStatusCode.TooManyRequests, await AskFromAsync("2001:db8:1::1"));

        Task<HttpStatusCode> AskFromAsync(string peer)
        {
            portal.Peer = peer;
            return AskAsync(portal, "POST", "/oauth/token");
        }
    }

    [Fact]
    public async Task All_addresses_of_an_IPv6_network_share_one_limit()
    {
        await using var portal = new PeerPortal(s_few);

        foreach (var peer in new[] { "2001:db8::1", "2001:db8::2", "2001:db8:0:0:ffff::1" })
            Assert.NotEqual(HttpStatusCode.TooManyRequests, await AskFromAsync(peer));
        Assert.Equal(HttpStatusCode.TooManyRequests, await AskFromAsync("2001:db8::4"));
        Assert.NotEqual(HttpStatusCode.TooManyRequests, await AskFromAsync("2001:db8:0:1::1"));

        foreach (var peer in new[] { "198.51.100.7", "::ffff:198.51.100.7", "198.51.100.7" })
            Assert.NotEqual(HttpStatusCode.TooManyRequests, await AskFromAsync(peer));
        Assert.Equal(HttpStatusCode.TooManyRequests, await AskFromAsync("::ffff:198.51.100.7"));

        Task<HttpStatusCode> AskFromAsync(string peer)
        {
            portal.Peer = peer;
            return AskAsync(portal, "POST", "/oauth/token");
        }
    }

    [Theory]
    [InlineData("/oauth/token", "POST")]
    [InlineData("/oauth/introspect", "POST")]
    [InlineData("/oauth/revoke", "POST")]
    [InlineData("/oauth/authorize", "GET")]
    [InlineData("/api/v1/me", "GET")]
    public async Task Another_spelling_of_the_path_is_counted_or_not_found(string path, string method)
    {
        await using var portal = new ListeningPortal([.. s_few]);
        var raw = new RawHttp(portal.Origin);
        string[] spellings =
        [
            path, path.ToUpperInvariant(), path + "/", path.ToUpperInvariant() + "/", path + "//", "/" + path, Replaced("/", "//"),
            path + "%2f", path + "%2F", path + "%5c", path + "\\", Replaced("o", "%6f"), Replaced("/", "/./"),
            "/x/.." + path, "/%2e" + path, path + "/.", path + "/x/..", path + ";x", path + "?", path + "?x=1", path + "%20", path + "%00",
            path + ".", path + "#x", path[..^1] + "%" + Convert.ToHexString([(byte)path[^1]]), Replaced("a", "\u00E0"),
        ];

        var answered = new List<string>();
        foreach (var spelling in spellings)
        {
            var body = method == "POST" ? "client_id=x" : "";
            var answer = await raw.SendAsync(
                $"{method} {spelling} HTTP/1.1\r\nHost: {raw.Authority}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                + $"Content-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}",
                TestContext.Current.CancellationToken);
            var isTheServersOwn = answer!["X-Request-Id"] is null;
            if (!isTheServersOwn && answer.Status is not (404 or 405 or 429))
                answered.Add($"{answer.Status} {spelling}");
        }

        Assert.True(answered.Count == 3, string.Join('\n', answered));

        string Replaced(string part, string other) => path.Replace(part, other, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> AskAsync(
        PortalFactory portal, string method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST")
            request.Content = new FormUrlEncodedContent([new("client_id", "x")]);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return (await portal.Browser().SendAsync(request)).StatusCode;
    }
}
