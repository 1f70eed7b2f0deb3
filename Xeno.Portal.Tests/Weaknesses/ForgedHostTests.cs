using System.Net;
using System.Text.RegularExpressions;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Weaknesses;

/// <summary>Host header poisoning: the portal never builds a link from the host name that a request claims.</summary>
[Trait("Category", "Fast")]
public sealed partial class ForgedHostTests(ListeningPortal open) : IClassFixture<ListeningPortal>
{
    private static readonly (string Name, string Value)[] s_forged =
    [
        ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Server", "evil.example"), ("X-Original-Host", "evil.example"),
        ("X-Host", "evil.example"),
        ("Forwarded", "host=evil.example;proto=https"), ("X-Forwarded-Prefix", "/evil.example"), ("X-Forwarded-Port", "666"),
        ("X-Original-URL", "/evil.example"), ("X-Rewrite-URL", "/evil.example"),
    ];

    [Fact]
    public async Task With_an_issuer_a_forged_host_changes_nothing()
    {
        await using var portal = new PortalFactory { Settings = { ["OAuth:Issuer"] = "https://portal.example" } };
        var app = await portal.AppAsync(await portal.AccountAsync(), "https://app.example/callback");
        var authorize = $"/oauth/authorize?client_id={app.ClientId}&scope=widgets";

        foreach (var (method, address) in new[]
                 {
                     ("GET", "/.well-known/oauth-authorization-server"), ("GET", "/.well-known/oauth-protected-resource"),
                     ("GET", authorize), ("GET", authorize + "&prompt=none"), ("GET", authorize + "&response_type=token"),
                     ("GET", authorize + "&redirect_uri=https://x.example"), ("GET", "/oauth/authorize"),
                     ("POST", "/oauth/token"), ("GET", "/oauth/token"), ("POST", "/oauth/introspect"), ("POST", "/oauth/revoke"),
                     ("GET", "/api/v1/me"), ("GET", "/api/v1/nothing"), ("GET", "/apps"), ("GET", "/installed"), ("GET", "/"),
                     ("GET", "/docs"), ("GET", "/account/login"), ("GET", "/nothing"), ("POST", "/account/login"),
                 })
        {
            var expected = await AnswerAsync(portal, method, address, "portal.example", []);
            var forged = await AnswerAsync(portal, method, address, "evil.example", s_forged);

            Assert.Equal(expected, forged);
            Assert.DoesNotContain("evil", forged, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Without_an_issuer_a_host_that_only_resembles_this_machine_is_refused()
    {
        var raw = new RawHttp(open.Origin);
        foreach (var host in new[]
                 {
                     "evil.example", "localhost.evil.example", "localhost@evil.example", "localhost:80@evil.example",
                     "127.0.0.1.evil.example", "127.0.0.1:80.evil.example", "evil.example:5080", "localhost evil.example",
                     "localhost,evil.example", "localhost/evil.example", "[::1].evil.example", "[::1]evil.example", "0.0.0.0", "[::]", "",
                     "127.0.0.1:99999", "localhost:99999999999", "localhost:",
                 })
        {
            var answer = await raw.SendAsync(
                $"GET /.well-known/oauth-authorization-server HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n",
                TestContext.Current.CancellationToken);

            Assert.Equal((host, 400), (host, answer!.Status));
            Assert.DoesNotContain("evil", answer.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_an_issuer_only_the_Host_header_is_read()
    {
        using var browser = await open.ClientAsync(open.Origin);
        string[] addresses =
        [
            "/.well-known/oauth-authorization-server", "/.well-known/oauth-protected-resource", "/oauth/token", "/api/v1/me", "/apps",
            "/docs",
        ];
        foreach (var address in addresses)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            foreach (var (name, value) in s_forged)
                request.Headers.TryAddWithoutValidation(name, value);

            var response = await browser.SendAsync(request);

            Assert.DoesNotContain("evil", response.Headers + await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    private static async Task<string> AnswerAsync(
        PortalFactory portal, string method, string address, string host, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "https://portal.example" + address);
        request.Headers.Host = host;
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (method == "POST")
            request.Content = new FormUrlEncodedContent(
                [new("client_id", "xa_unknown"), new("token", "x"), new("code", "x"), new("client_secret", "x")]);

        var response = await portal.Browser().SendAsync(request);

        Assert.NotEqual(HttpStatusCode.InternalServerError, response.StatusCode);
        var text = $"{(int)response.StatusCode}\n{response.Headers}\n{await response.Content.ReadAsStringAsync()}";
        return ChangesEachTime().Replace(text, "…");
    }

    // Request ids, nonces, antiforgery tokens and cookies.
    [GeneratedRegex(
        "X-Request-Id: .*|(request|trace)_id\":\"[^\"]*|nonce[-=][^' >]*|value=\"CfDJ8[^\"]*\"|CfDJ8[\\w-]*|<!--Blazor[^>]*-->"
        + "|<code>0H[^<]*|login_asked=[^&\"]*",
        RegexOptions.IgnoreCase)]
    private static partial Regex ChangesEachTime();
}
