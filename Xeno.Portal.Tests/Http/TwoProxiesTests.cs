using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Http;

/// <summary>
/// Two trusted proxies in a row: a content delivery network (203.0.113.0/24) in front of nginx on this machine. Raw requests, because the
/// headers that a client forges need not be well-formed.
/// </summary>
[Trait("Category", "Fast")]
public sealed class TwoProxiesTests(TwoProxiesTests.PortalBehindBoth behind) : IClassFixture<TwoProxiesTests.PortalBehindBoth>
{
    private const string Network = "203.0.113.9";

    private static int s_clients;

    // Each test has an address of its own, and so a limit of its own: three calls.
    private readonly string _client = $"198.51.100.{Interlocked.Increment(ref s_clients)}";

    [Fact]
    public async Task The_address_that_the_first_proxy_has_seen_counts()
    {
        for (var call = 0; call < 3; call++)
            Assert.Equal(401, await CallAsync($"X-Forwarded-For: {_client}, {Network}"));

        Assert.Equal(429, await CallAsync($"X-Forwarded-For: {_client}, {Network}"));
        Assert.Equal(429, await CallAsync($"X-Forwarded-For: {_client}", $"X-Forwarded-For: {Network}"));
        Assert.Equal(429, await CallAsync($"X-Forwarded-For: {_client}:50123, {Network}:443"));
        Assert.Equal(429, await CallAsync($"X-Forwarded-For: ::ffff:{_client}, ::ffff:{Network}"));
        Assert.Equal(401, await CallAsync($"X-Forwarded-For: 198.51.100.250, {Network}"));
    }

    /// <summary>What the client sent stands to the left of what the two proxies have added.</summary>
    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("127.0.0.1")]
    [InlineData(Network)]
    [InlineData("192.0.2.1, 192.0.2.2, 127.0.0.1, " + Network)]
    [InlineData("unknown")]
    [InlineData("")]
    [InlineData(",,,")]
    [InlineData("\"")]
    [InlineData("\"192.0.2.1")]
    [InlineData("\"192.0.2.1, \\\"")]
    [InlineData("[::1")]
    [InlineData("for=192.0.2.1;proto=http")]
    public async Task An_entry_that_the_client_forged_changes_nothing(string forged)
    {
        for (var call = 0; call < 3; call++)
            Assert.Equal(401, await CallAsync($"X-Forwarded-For: {_client}, {Network}"));

        Assert.Equal(429, await CallAsync($"X-Forwarded-For: {forged}, {_client}, {Network}"));
        Assert.Equal(429, await CallAsync($"X-Forwarded-For: {forged}", $"X-Forwarded-For: {_client}", $"X-Forwarded-For: {Network}"));
    }

    /// <summary>Without the network in front, a client that names it is a client like any other.</summary>
    [Fact]
    public async Task A_trusted_address_counts_only_where_a_trusted_proxy_has_seen_it()
    {
        for (var call = 0; call < 3; call++)
            Assert.Equal(401, await CallAsync($"X-Forwarded-For: 192.0.2.{call}, {Network}, {_client}"));

        Assert.Equal(429, await CallAsync($"X-Forwarded-For: 192.0.2.3, {Network}, {_client}"));
    }

    /// <summary>Each proxy adds the scheme by which it was reached, or nginx puts its own in the place of the list.</summary>
    [Theory]
    [InlineData("https", 401)]
    [InlineData("https, https", 401)]
    [InlineData("https, http", 401)]
    [InlineData("http, https", 400)]
    [InlineData("http", 400)]
    [InlineData("https, http, https", 400)]
    [InlineData("http, https, https", 401)]
    [InlineData("\", https, https", 401)]
    [InlineData("\"https, http, https", 400)]
    [InlineData("gopher, https, https", 401)]
    public async Task The_scheme_by_which_the_first_proxy_was_reached_counts(string schemes, int status)
        => Assert.Equal(status, await CallAsync($"X-Forwarded-For: {_client}, {Network}", $"X-Forwarded-Proto: {schemes}"));

    /// <summary>Calls the API without a token: 401, beyond the limit 429, over plain HTTP 400.</summary>
    private async Task<int> CallAsync(params string[] headers)
    {
        if (!headers.Any(header => header.StartsWith("X-Forwarded-Proto", StringComparison.Ordinal)))
            headers = [.. headers, "X-Forwarded-Proto: https"];
        var raw = new RawHttp(behind.Portal.Origin);
        var answer = await raw.SendAsync(
            $"GET /api/v1/me HTTP/1.1\r\nHost: portal.example\r\n{string.Join("\r\n", headers)}\r\nConnection: close\r\n\r\n",
            TestContext.Current.CancellationToken);
        return answer!.Status;
    }

    public sealed class PortalBehindBoth : IAsyncDisposable
    {
        internal ListeningPortal Portal { get; } = new(
            ("OAuth:Issuer", "https://portal.example"), ("Hosting:TrustedProxies:0", "203.0.113.0/24"),
            ("RateLimits:RefusedApiCallsPerAddress", "3"));

        public ValueTask DisposeAsync() => Portal.DisposeAsync();
    }
}
