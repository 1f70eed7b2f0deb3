using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Operations;

/// <summary>The file for nginx, <c>deploy/nginx/xeno-portal.conf</c>: what it passes on, logs and refuses.</summary>
[Trait("Category", "Operations")]
public sealed class NginxTests
{
    [Theory]
    [InlineData("/_blazor?id=1", true)]
    [InlineData("/_blazor/negotiate", false)]
    [InlineData("/", false)]
    [InlineData("/oauth/authorize?state=1", false)]
    [InlineData("/api/v1/me", false)]
    [InlineData("/.well-known/oauth-authorization-server", false)]
    [InlineData("/_blazorx", false)]
    public async Task Only_the_connection_of_an_interactive_page_may_change_its_protocol(string address, bool isPassedOn)
    {
        using var node = new TcpListener(IPAddress.Loopback, 0);
        node.Start();
        var port = ((IPEndPoint)node.LocalEndpoint).Port;
        await using var proxy = await NginxProxy.StartAsync(port, port);
        using var http = proxy.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.Add(new ProductHeaderValue("websocket"));

        var (head, answer) = (HeadOfNextRequestAsync(node), http.SendAsync(request, TestContext.Current.CancellationToken));
        await answer;

        Assert.Equal(isPassedOn, (await head).Contains("\r\nUpgrade: websocket\r\n", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(isPassedOn, (await head).Contains("\r\nConnection: upgrade\r\n", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("\u044f", true)]
    [InlineData("\u6f22", false)]
    public async Task A_long_request_passes_log_in_registration_and_consent(string letter, bool byLogIn)
    {
        var port = FreePort.Take();
        await using var proxy = await NginxProxy.StartAsync(port, port);
        await using var portal = new PortalFactory { Settings = { ["OAuth:Issuer"] = proxy.Origin } };
        portal.Listen($"http://127.0.0.1:{port}");
        var account = await portal.AccountAsync();
        using var browser = proxy.Client();
        var rp = new RelyingParty(browser, await portal.AppAsync(account, LongRequest.RedirectUri));

        await LongRequest.ShouldPassAsync(browser, rp, letter, byLogIn ? account.Email : null);
    }

    /// <summary>Also the errors, of which nginx itself writes the whole request line: here no node answers.</summary>
    [Fact]
    public async Task No_log_has_a_query()
    {
        await using var proxy = await NginxProxy.StartAsync(FreePort.Take(), FreePort.Take());
        using var http = proxy.Client();
        const string query = "?code=q8-secret&state=q8-secret";
        foreach (var address in new[] { $"/playground/callback{query}", $"/oauth/authorize{query}", $"{proxy.PlainOrigin}/docs{query}" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Referrer = new Uri($"{proxy.Origin}/{query}");
            await http.SendAsync(request, TestContext.Current.CancellationToken);
        }

        using var tooLarge = new ByteArrayContent(new byte[2 * 1024 * 1024]);
        Assert.Equal(
            HttpStatusCode.RequestEntityTooLarge,
            (await http.PostAsync($"/oauth/token{query}", tooLarge, TestContext.Current.CancellationToken)).StatusCode);

        var logs = await proxy.StopAsync();
        Assert.Contains("\"GET /playground/callback\" 502 ", logs, StringComparison.Ordinal);
        Assert.Contains("\"GET /oauth/authorize\" 502 ", logs, StringComparison.Ordinal);
        Assert.Contains("\"GET /docs\" 301 ", logs, StringComparison.Ordinal);
        Assert.Contains("\"POST /oauth/token\" 413 ", logs, StringComparison.Ordinal);
        Assert.DoesNotContain("q8-secret", logs, StringComparison.Ordinal);
        Assert.DoesNotContain("?", logs, StringComparison.Ordinal);
    }

    /// <summary>RFC 9110 section 15.4: a client sends a request again after 307 and 308, with its body.</summary>
    [Theory]
    [InlineData("GET", "/docs/errors?x=1", 301)]
    [InlineData("HEAD", "/", 301)]
    [InlineData("GET", "/oauth/authorize?client_id=xa_1", 301)]
    [InlineData("GET", "/api/v1/me", 400)]
    [InlineData("POST", "/oauth/token", 400)]
    [InlineData("POST", "/account/login", 400)]
    [InlineData("POST", "/api/v1/widgets", 400)]
    [InlineData("PUT", "/", 400)]
    [InlineData("DELETE", "/", 400)]
    [InlineData("OPTIONS", "/oauth/token", 400)]
    public async Task Over_plain_HTTP_only_what_can_be_asked_again_without_harm_is_redirected(string method, string address, int status)
    {
        await using var proxy = await NginxProxy.StartAsync(FreePort.Take(), FreePort.Take());
        using var http = proxy.Client();
        using var request = new HttpRequestMessage(new HttpMethod(method), proxy.PlainOrigin + address);

        var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status == 301 ? $"https://localhost{address}" : null, answer.Headers.Location?.OriginalString);
        if (status == 400)
            Assert.StartsWith(
                "This portal answers over HTTPS only.", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                StringComparison.Ordinal);
    }

    /// <summary>Answers one request, and gives its head as nginx has sent it.</summary>
    private static async Task<string> HeadOfNextRequestAsync(TcpListener node)
    {
        using var connection = await node.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        var stream = connection.GetStream();
        var head = new StringBuilder();
        var buffer = new byte[4096];
        while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal)
               && await stream.ReadAsync(buffer, TestContext.Current.CancellationToken) is var count and > 0)
            head.Append(Encoding.Latin1.GetString(buffer, 0, count));
        await stream.WriteAsync(
            "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        return head.ToString();
    }
}
