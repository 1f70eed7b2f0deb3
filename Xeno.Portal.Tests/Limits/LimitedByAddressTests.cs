using System.Net;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Limits;

/// <summary>Getting round a rate limit: by claiming another address, by spelling the path another way.</summary>
[Trait("Category", "Fast")]
public sealed class LimitedByAddressTests
{
    private static readonly (string, string)[] s_few =
        [("RateLimits:ProtocolRequestsPerAddress", "3"), ("RateLimits:AuthorizationsPerAddress", "3"), ("RateLimits:RefusedApiCallsPerAddress", "3")];

    [Theory]
    [InlineData("/oauth/token", "POST")]
    [InlineData("/oauth/authorize", "GET")]
    [InlineData("/api/v1/me", "GET")]
    public async Task Another_address_claimed_by_a_stranger_is_not_believed(string path, string method)
    {
        await using var portal = new PeerPortal(s_few);

        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 8; i++)
            answers.Add(await AskAsync(portal, method, path, ("X-Forwarded-For", $"198.51.100.{i}"), ("X-Real-IP", $"198.51.100.{i}"), ("Forwarded", $"for=198.51.100.{i}"),
                ("X-Client-IP", $"198.51.100.{i}"), ("CF-Connecting-IP", $"198.51.100.{i}"), ("True-Client-IP", $"198.51.100.{i}")));

        Assert.Equal(3, answers.Count(status => status != HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task A_portal_for_this_machine_alone_believes_nobody_not_even_this_machine()
    {
        await using var portal = new PeerPortal([.. s_few, ("OAuth:Issuer", "http://localhost:5080")]) { Peer = "127.0.0.1" };

        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 8; i++)
            answers.Add(await AskAsync(portal, "POST", "/oauth/token", ("X-Forwarded-For", $"198.51.100.{i}")));

        Assert.Equal(3, answers.Count(status => status != HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task A_trusted_proxy_is_believed_and_only_what_it_added_itself()
    {
        await using var portal = new PeerPortal([.. s_few, ("Hosting:TrustedProxies:0", "203.0.113.0/24")]);

        // The client's own claim stands in front of what the proxy has seen.
        var stranger = new List<HttpStatusCode>();
        for (var i = 0; i < 5; i++)
            stranger.Add(await AskAsync(portal, "POST", "/oauth/token", ("X-Forwarded-For", $"192.0.2.{i}, 198.51.100.1")));

        Assert.Equal(3, stranger.Count(status => status != HttpStatusCode.TooManyRequests));
        Assert.NotEqual(HttpStatusCode.TooManyRequests, await AskAsync(portal, "POST", "/oauth/token", ("X-Forwarded-For", "198.51.100.2")));
    }

    [Fact]
    public async Task One_holder_has_one_share_of_the_addresses_of_a_network()
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
    public async Task Another_spelling_of_the_path_is_counted_too_or_leads_nowhere(string path, string method)
    {
        await using var portal = new ListeningPortal([.. s_few]);
        var raw = new RawHttp(portal.Origin);
        string[] spellings =
        [
            path, path.ToUpperInvariant(), path + "/", path.ToUpperInvariant() + "/", path + "//", "/" + path, path.Replace("/", "//", StringComparison.Ordinal),
            path + "%2f", path + "%2F", path + "%5c", path + "\\", path.Replace("o", "%6f", StringComparison.Ordinal), path.Replace("/", "/./", StringComparison.Ordinal),
            "/x/.." + path, "/%2e" + path, path + "/.", path + "/x/..", path + ";x", path + "?", path + "?x=1", path + "%20", path + "%00", path + ".", path + "#x",
            path[..^1] + "%" + Convert.ToHexString([(byte)path[^1]]), path.Replace("a", "\u00E0", StringComparison.Ordinal),
        ];

        var answered = new List<string>();
        foreach (var spelling in spellings)
        {
            var body = method == "POST" ? "client_id=x" : "";
            var answer = await raw.SendAsync(
                $"{method} {spelling} HTTP/1.1\r\nHost: {raw.Authority}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}",
                TestContext.Current.CancellationToken);
            var isTheServersOwn = answer!["X-Request-Id"] is null;
            if (!isTheServersOwn && answer.Status is not (404 or 405 or 429))
                answered.Add($"{answer.Status} {spelling}");
        }

        Assert.True(answered.Count == 3, string.Join('\n', answered));
    }

    private static async Task<HttpStatusCode> AskAsync(PortalFactory portal, string method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST")
            request.Content = new FormUrlEncodedContent([new("client_id", "x")]);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return (await portal.Browser().SendAsync(request)).StatusCode;
    }
}
