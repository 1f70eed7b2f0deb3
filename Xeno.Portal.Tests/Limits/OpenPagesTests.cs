using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Limits;

/// <summary>Holding many interactive pages open at the same time: each costs memory for as long as it is open.</summary>
[Trait("Category", "Fast")]
public sealed class OpenPagesTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Open_pages_are_limited_for_each_account(bool negotiates)
    {
        await using var portal = new ListeningPortal(("RateLimits:OpenPagesPerAccount", "2"));
        var (account, other) = (await portal.AccountAsync(), await portal.AccountAsync());
        using var first = await OpenAsync(portal, account, negotiates);
        using var second = await OpenAsync(portal, account, negotiates);

        using var refused = new ClientWebSocket();
        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(refused, portal, account, negotiates));
        using var others = await OpenAsync(portal, other, negotiates);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.HttpStatusCode);
        Assert.NotNull(refused.HttpResponseHeaders!["Retry-After"].Single());
        Assert.Equal(WebSocketState.Open, others.State);
        Assert.Equal(WebSocketState.Open, first.State);
    }

    [Fact]
    public async Task A_closed_page_makes_room_for_another()
    {
        await using var portal = new ListeningPortal(("RateLimits:OpenPagesPerAccount", "1"));
        var account = await portal.AccountAsync();
        using (await OpenAsync(portal, account, negotiates: false))
        {
            using var refused = new ClientWebSocket();
            await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(refused, portal, account, negotiates: false));
        }

        // The server notices a moment later that the first page is closed.
        while (true)
        {
            using var socket = new ClientWebSocket();
            try
            {
                await ConnectAsync(socket, portal, account, negotiates: false);
                return;
            }
            catch (WebSocketException) when (socket.HttpStatusCode == HttpStatusCode.TooManyRequests)
            {
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    [Fact]
    public async Task The_next_page_says_that_too_many_pages_are_open()
    {
        await using var portal = new ListeningPortal(("RateLimits:OpenPagesPerAccount", "1"));
        var account = await portal.AccountAsync();
        using var first = await OpenAsync(portal, account, negotiates: true);
        using var browser = await portal.ClientAsync(portal.Origin, account);

        var page = await browser.GetAsync("/installed?a=b", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.TooManyRequests, page.StatusCode);
        Assert.NotNull(page.Headers.RetryAfter);
        var document = await page.PageAsync();
        Assert.Equal("Too many pages are open", document.QuerySelector("h1")!.TextContent);
        Assert.NotNull(document.QuerySelector("a[href='/installed?a=b']"));
        var docs = await browser.GetAsync("/docs", TestContext.Current.CancellationToken); // Needs no circuit.
        Assert.Equal(HttpStatusCode.OK, docs.StatusCode);
    }

    [Fact]
    public async Task Open_pages_are_limited_for_each_address()
    {
        await using var portal = new ListeningPortal(("RateLimits:OpenPagesPerAddress", "1"));
        using var first = await OpenAsync(portal, await portal.AccountAsync(), negotiates: true);

        using var refused = new ClientWebSocket();
        await Assert.ThrowsAsync<WebSocketException>(
            async () => await ConnectAsync(refused, portal, await portal.AccountAsync(), negotiates: true));

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.HttpStatusCode);
    }

    [Fact]
    public async Task Without_rate_limits_open_pages_are_not_limited()
    {
        await using var portal = new ListeningPortal(
            ("RateLimits:OpenPagesPerAccount", "1"), ("RateLimits:OpenPagesPerAddress", "1"), ("RateLimits:Enabled", "false"));
        var account = await portal.AccountAsync();

        using var first = await OpenAsync(portal, account, negotiates: true);
        using var second = await OpenAsync(portal, account, negotiates: false);

        Assert.Equal((WebSocketState.Open, WebSocketState.Open), (first.State, second.State));
    }

    private static async Task<ClientWebSocket> OpenAsync(ListeningPortal portal, GivenAccount account, bool negotiates)
    {
        var socket = new ClientWebSocket();
        await ConnectAsync(socket, portal, account, negotiates);
        return socket;
    }

    private static async Task ConnectAsync(ClientWebSocket socket, ListeningPortal portal, GivenAccount account, bool negotiates)
    {
        var (name, value) = await portal.SessionCookieAsync(account, portal.Time.GetUtcNow());
        var query = "";
        if (negotiates)
        {
            using var browser = await portal.ClientAsync(portal.Origin, account);
            var answer = await browser.PostAsync("/_blazor/negotiate?negotiateVersion=1", null);
            var negotiated = await answer.Content.ReadFromJsonAsync<JsonElement>();
            query = "?id=" + negotiated.GetProperty("connectionToken").GetString();
        }

        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Cookie", $"{name}={value}");
        var origin = portal.Origin.Replace("http:", "ws:", StringComparison.Ordinal);
        await socket.ConnectAsync(new Uri(origin + "/_blazor" + query), TestContext.Current.CancellationToken);
    }
}
