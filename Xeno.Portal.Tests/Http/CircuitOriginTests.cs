using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Http;

/// <summary>Only the portal's own pages connect to circuits: a page of another site would act with the visitor's cookies.</summary>
[Trait("Category", "Fast")]
public sealed class CircuitOriginTests(CircuitOriginTests.PublicPortal shared) : IClassFixture<CircuitOriginTests.PublicPortal>
{
    private const string Own = "https://portal.example.com";
    private const string Handshake = """{"protocol":"blazorpack","version":1}""" + "\u001e";

    /// <summary>Header lines, and whether a request with them is served.</summary>
    public static TheoryData<string, bool> Senders => new()
    {
        { $"Origin: {Own}", true },
        { $"Origin: {Own}\r\nSec-Fetch-Site: cross-site", true },
        { "Origin: https://evil.portal.example.com", false },
        { "Origin: https://portal.example.com.evil.example", false },
        { "Origin: https://example.com", false },
        { "Origin: http://portal.example.com", false },
        { "Origin: https://portal.example.com:8443", false },
        { "Origin: null", false },
        { "Origin: ", false },
        { $"Origin: {Own}\r\nOrigin: https://evil.portal.example.com", false },
        { "Origin: https://evil.portal.example.com\r\nSec-Fetch-Site: same-origin", false },
        { "Accept: */*", true },
        { "Sec-Fetch-Site: same-origin", true },
        { "Sec-Fetch-Site: same-site", false },
        { "Sec-Fetch-Site: cross-site", false },
        { "Sec-Fetch-Site: none", false },
    };

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task Long_polling_is_for_pages_of_the_portal(string headers, bool isServed)
    {
        var connection = await NegotiateAsync();
        Assert.Equal(isServed ? 200 : 403, (await AskAsync("POST", "/_blazor/negotiate?negotiateVersion=1", headers)).Status);
        Assert.Equal(isServed ? 200 : 403, (await AskAsync("GET", connection, headers)).Status);
        Assert.Equal(isServed ? 200 : 403, (await AskAsync("POST", connection, headers, Handshake)).Status);
        Assert.Equal(isServed ? 202 : 403, (await AskAsync("DELETE", connection, headers)).Status);
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task WebSockets_are_for_pages_of_the_portal(string headers, bool isServed)
        => Assert.Equal(
            isServed ? HttpStatusCode.SwitchingProtocols : HttpStatusCode.Forbidden, await UpgradeAsync(shared.Portal, headers));

    [Theory]
    [InlineData("/_blazor/disconnect")]
    [InlineData("/_blazor/initializers")]
    [InlineData("/_blazor/")]
    [InlineData("/_BLAZOR/negotiate?negotiateVersion=1")]
    [InlineData("/%5Fblazor/negotiate?negotiateVersion=1")]
    public async Task Every_address_of_circuits_refuses_pages_of_other_sites_in_plain_words(string address)
    {
        var answer = await AskAsync("POST", address, "Origin: https://evil.portal.example.com");

        Assert.Equal((403, "text/plain; charset=utf-8"), (answer.Status, answer["Content-Type"]));
        Assert.Equal($"Only pages of {Own} may connect here, and this request does not come from one.", answer.Text);
    }

    [Theory]
    [InlineData("https://Portal.Example.com:443/", "https://portal.example.com")]
    [InlineData("https://b\u00fccher.example", "https://xn--bcher-kva.example")]
    [InlineData("https://portal.example.com:8443", "https://portal.example.com:8443")]
    [InlineData("http://localhost:5080", "http://localhost:5080")]
    public async Task The_public_origin_is_compared_as_browsers_write_it(string issuer, string origin)
    {
        await using var portal = new ListeningPortal(("OAuth:Issuer", issuer));

        Assert.Equal(HttpStatusCode.SwitchingProtocols, await UpgradeAsync(portal, $"Origin: {origin}"));
        Assert.Equal(HttpStatusCode.Forbidden, await UpgradeAsync(portal, "Origin: https://evil.portal.example.com"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("http://localhost:5080")]
    public async Task A_portal_for_this_machine_is_opened_by_any_of_its_names(string? issuer)
    {
        await using var portal = new ListeningPortal(("OAuth:Issuer", issuer ?? ""));
        var other = new Uri(portal.Origin).Port == 5080 ? 5081 : 5080;

        Assert.Equal(HttpStatusCode.SwitchingProtocols, await UpgradeAsync(portal, $"Origin: {portal.Origin}"));
        Assert.Equal(HttpStatusCode.Forbidden, await UpgradeAsync(portal, $"Origin: http://127.0.0.1:{other}"));
        Assert.Equal(HttpStatusCode.Forbidden, await UpgradeAsync(portal, "Origin: https://evil.portal.example.com"));
    }

    private async Task<string> NegotiateAsync()
    {
        var answer = await AskAsync("POST", "/_blazor/negotiate?negotiateVersion=1");
        return "/_blazor?id=" + JsonDocument.Parse(answer.Text).RootElement.GetProperty("connectionToken").GetString();
    }

    private async Task<RawAnswer> AskAsync(string method, string address, string headers = "Accept: */*", string body = "")
    {
        var http = new RawHttp(shared.Portal.Origin);
        var request = $"{method} {address} HTTP/1.1\r\nHost: {http.Authority}\r\n{headers}\r\nContent-Length: {body.Length}\r\n\r\n{body}";
        return (await http.AskAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken))!;
    }

    private static async Task<HttpStatusCode> UpgradeAsync(ListeningPortal portal, string headers)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        foreach (var header in headers.Split("\r\n").Select(line => line.Split(": ")))
            socket.Options.SetRequestHeader(header[0], header[1]);
        var address = portal.Origin.Replace("http:", "ws:", StringComparison.Ordinal) + "/_blazor";
        _ = await Record.ExceptionAsync(() => socket.ConnectAsync(new Uri(address), TestContext.Current.CancellationToken));
        return socket.HttpStatusCode;
    }

    /// <summary>A portal behind its public HTTPS address.</summary>
    public sealed class PublicPortal : IAsyncDisposable
    {
        internal ListeningPortal Portal { get; } = new(("OAuth:Issuer", Own));

        public ValueTask DisposeAsync() => Portal.DisposeAsync();
    }
}
