using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Bench;
using Xeno.Portal.Limits;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Limits;

/// <summary>Which circuits are counted as open pages, and for how long, whatever carries their connections.</summary>
[Trait("Category", "Fast")]
public sealed class CircuitLimitTests
{
    private const string Page = "/installed";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(HttpTransportType.LongPolling)]
    [InlineData(HttpTransportType.WebSockets)]
    public async Task The_third_page_is_refused_at_a_limit_of_two(HttpTransportType transport)
    {
        await using var portal = new ListeningPortal(("RateLimits:OpenPagesPerAccount", "2"));
        var visitor = await VisitorAsync(portal);
        await using var first = await visitor.OpenAsync(transport);
        var drawnBefore = await visitor.PageAsync();
        await using var second = await visitor.OpenAsync(transport);

        Assert.Equal(HttpStatusCode.TooManyRequests, await visitor.StatusAsync());
        await Assert.ThrowsAnyAsync<Exception>(() => visitor.StartAsync(drawnBefore, transport));
        await using var others = await (await VisitorAsync(portal)).OpenAsync(transport);

        Assert.Equal(3, CountOf(portal).Pages);
        Assert.False(first.Ended.IsCompleted || second.Ended.IsCompleted || others.Ended.IsCompleted);
    }

    [Theory]
    [InlineData(HttpTransportType.LongPolling)]
    [InlineData(HttpTransportType.WebSockets)]
    public async Task Of_eight_circuits_at_the_same_time_two_start_at_a_limit_of_two(HttpTransportType transport)
    {
        await using var portal = new ListeningPortal(("RateLimits:OpenPagesPerAccount", "2"));
        var visitor = await VisitorAsync(portal);
        var page = await visitor.PageAsync();

        var attempts = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            try
            {
                return await visitor.StartAsync(page, transport);
            }
            catch (Exception)
            {
                return null;
            }
        }));

        Assert.Equal((2, 2), (attempts.Count(circuit => circuit is not null), CountOf(portal).Pages));
        foreach (var circuit in attempts)
            if (circuit is not null)
                await circuit.DisposeAsync();
        await UntilAsync(portal, count => count == (0, 0));
    }

    [Theory]
    [InlineData(HttpTransportType.LongPolling)]
    [InlineData(HttpTransportType.WebSockets)]
    public async Task A_page_that_is_left_makes_room_at_once_and_reloading_it_keeps_no_place(HttpTransportType transport)
    {
        await using var portal = new ListeningPortal(("RateLimits:OpenPagesPerAccount", "1"));
        var visitor = await VisitorAsync(portal);
        for (var i = 0; i < 5; i++)
        {
            await using var circuit = await visitor.OpenAsync(transport);
            Assert.Equal(HttpStatusCode.TooManyRequests, await visitor.StatusAsync());
            await circuit.LeaveAsync();
            Assert.Equal((HttpStatusCode.OK, (0, 0)), (await visitor.StatusAsync(), CountOf(portal)));
        }
    }

    [Fact]
    public async Task The_connection_of_a_page_that_was_closed_is_ended()
    {
        await using var portal = new ListeningPortal();
        var visitor = await VisitorAsync(portal);
        await using var circuit = await visitor.OpenAsync(HttpTransportType.WebSockets);

        await circuit.CloseAsync();

        await circuit.Ended.WaitAsync(s_patience);
        Assert.Equal((0, 0), CountOf(portal));
    }

    [Theory]
    [InlineData(HttpTransportType.LongPolling)]
    [InlineData(HttpTransportType.WebSockets)]
    public async Task A_page_that_has_lost_its_connection_keeps_its_place_and_comes_back_to_it(HttpTransportType transport)
    {
        await using var portal = new ListeningPortal(("RateLimits:OpenPagesPerAccount", "2"));
        var visitor = await VisitorAsync(portal);
        await using var first = await visitor.OpenAsync(transport);
        await using var second = await visitor.OpenAsync(transport);

        await first.LoseConnectionAsync();
        await second.LoseConnectionAsync();
        await UntilAsync(portal, count => count.Connections is 0);
        Assert.Equal((HttpStatusCode.TooManyRequests, (2, 0)), (await visitor.StatusAsync(), CountOf(portal)));

        Assert.True(await first.ComeBackAsync());
        Assert.True(await second.ComeBackAsync());
        Assert.Equal((HttpStatusCode.TooManyRequests, (2, 0)), (await visitor.StatusAsync(), CountOf(portal)));

        await first.LeaveAsync();
        await second.LeaveAsync();
        Assert.Equal((HttpStatusCode.OK, (0, 0)), (await visitor.StatusAsync(), CountOf(portal)));
    }

    [Theory]
    [InlineData(HttpTransportType.LongPolling)]
    [InlineData(HttpTransportType.WebSockets)]
    public async Task A_page_comes_back_before_the_server_has_noticed_that_its_connection_is_lost(HttpTransportType transport)
    {
        await using var portal = new ListeningPortal(("RateLimits:OpenPagesPerAccount", "1"));
        var visitor = await VisitorAsync(portal);
        await using var circuit = await visitor.OpenAsync(transport);
        for (var i = 0; i < 5; i++)
        {
            var before = circuit.Ended;
            Assert.True(await circuit.ComeBackAsync());
            await before.WaitAsync(s_patience);
            Assert.Equal((1, 0), CountOf(portal));
        }

        await circuit.LeaveAsync();
        Assert.Equal((0, 0), CountOf(portal));
    }

    /// <summary>The framework would forget the first circuit, and never remove it.</summary>
    [Fact]
    public async Task A_connection_has_one_circuit()
    {
        await using var portal = new ListeningPortal();
        var visitor = await VisitorAsync(portal);
        await using var first = await visitor.OpenAsync(HttpTransportType.WebSockets);
        await using var second = await visitor.OpenAsync(HttpTransportType.WebSockets);

        await Assert.ThrowsAnyAsync<Exception>(() => first.TakeOverAsync(second));
        await first.Ended.WaitAsync(s_patience);

        Assert.False(second.Ended.IsCompleted);
        Assert.Equal((2, 0), CountOf(portal));
        Assert.True(await first.ComeBackAsync());
    }

    [Theory]
    [InlineData(HttpTransportType.LongPolling)]
    [InlineData(HttpTransportType.WebSockets)]
    public async Task A_circuit_that_draws_nothing_counts_while_it_is_connected(HttpTransportType transport)
    {
        await using var portal = new ListeningPortal(("RateLimits:OpenPagesPerAccount", "1"));
        var visitor = await VisitorAsync(portal);
        await using var empty = await visitor.StartAsync(await visitor.PageAsync(), transport);
        Assert.Equal((HttpStatusCode.TooManyRequests, (1, 0)), (await visitor.StatusAsync(), CountOf(portal)));

        await empty.LoseConnectionAsync();
        await UntilAsync(portal, count => count == (0, 0));
        Assert.True(await empty.ComeBackAsync());
        Assert.Equal((HttpStatusCode.TooManyRequests, (1, 0)), (await visitor.StatusAsync(), CountOf(portal)));

        await empty.LoseConnectionAsync();
        await UntilAsync(portal, count => count == (0, 0));
        await using var other = await visitor.OpenAsync(transport);
        _ = await Record.ExceptionAsync(empty.ComeBackAsync);
        await empty.Ended.WaitAsync(s_patience);
        Assert.Equal(1, CountOf(portal).Pages);
    }

    [Fact]
    public async Task Connections_by_long_polling_are_limited_before_they_have_a_circuit()
    {
        await using var portal = new ListeningPortal(("RateLimits:OpenPagesPerAccount", "2"));
        var account = await portal.AccountAsync();
        using var browser = await portal.ClientAsync(portal.Origin, account);

        await ShakeHandsAsync(browser);
        await ShakeHandsAsync(browser);
        var (refused, answer) = await ShakeHandsAsync(browser);

        // The refusal follows the handshake, in the same answer or in the next.
        Assert.Contains(CircuitLimit.TooMany, answer + await browser.GetStringAsync(refused), StringComparison.Ordinal);
        Assert.Equal((0, 2), CountOf(portal));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.GetAsync(Page)).StatusCode);
    }

    [Fact]
    public async Task Pages_of_all_accounts_are_limited_on_a_node()
    {
        await using var portal = new ListeningPortal(("RateLimits:OpenPagesPerNode", "2"));
        var visitor = await VisitorAsync(portal);
        var drawnBefore = await visitor.PageAsync();
        await using var first = await (await VisitorAsync(portal)).OpenAsync(HttpTransportType.WebSockets);
        await using var second = await (await VisitorAsync(portal)).OpenAsync(HttpTransportType.LongPolling);

        using var browser = await portal.ClientAsync(portal.Origin, visitor.Account);
        var answer = await browser.GetAsync(Page + "?a=b");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        var page = await answer.PageAsync();
        Assert.Equal("The portal has too many pages open", page.QuerySelector("h1")!.TextContent);
        Assert.DoesNotContain("You have", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.NotNull(page.QuerySelector($"a[href='{Page}?a=b']"));
        await Assert.ThrowsAnyAsync<Exception>(() => visitor.StartAsync(drawnBefore, HttpTransportType.WebSockets));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/docs")).StatusCode);
    }

    [Theory]
    [InlineData(HttpTransportType.LongPolling)]
    [InlineData(HttpTransportType.WebSockets)]
    public async Task Circuits_are_counted_by_the_address_of_the_client(HttpTransportType transport)
    {
        await using var portal = new PeerPortal(("RateLimits:OpenPagesPerAddress", "1"));
        var origin = portal.Listen();
        await using var here = await (await VisitorAsync(portal, origin)).OpenAsync(transport);
        Assert.Equal(HttpStatusCode.TooManyRequests, await (await VisitorAsync(portal, origin)).StatusAsync());

        portal.Peer = "203.0.113.2";
        await using var there = await (await VisitorAsync(portal, origin)).OpenAsync(transport);

        Assert.Equal((2, 0), CountOf(portal));
    }

    [Fact]
    public async Task Without_rate_limits_circuits_are_counted_and_not_limited()
    {
        await using var portal = new ListeningPortal(
            ("RateLimits:OpenPagesPerAccount", "1"), ("RateLimits:OpenPagesPerAddress", "1"), ("RateLimits:OpenPagesPerNode", "1"),
            ("RateLimits:Enabled", "false"));
        var visitor = await VisitorAsync(portal);

        await using var first = await visitor.OpenAsync(HttpTransportType.LongPolling);
        await using var second = await visitor.OpenAsync(HttpTransportType.WebSockets);

        Assert.Equal((2, 0), CountOf(portal));
    }

    private static Task<Visitor> VisitorAsync(ListeningPortal portal) => VisitorAsync(portal, portal.Origin);

    private static async Task<Visitor> VisitorAsync(PortalFactory portal, string origin)
    {
        var account = await portal.AccountAsync();
        var (name, value) = await portal.SessionCookieAsync(account, portal.Time.GetUtcNow());
        return new Visitor(new Uri(origin), account, $"{name}={value}");
    }

    private static (int Pages, int Connections) CountOf(PortalFactory portal) => portal.Services.GetRequiredService<OpenPages>().Count;

    /// <summary>The server notices the end of a connection a moment later than the client.</summary>
    private static async Task UntilAsync(ListeningPortal portal, Func<(int Pages, int Connections), bool> isSo)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (!isSo(CountOf(portal)))
        {
            Assert.False(patience.IsCancellationRequested, $"The count stays at {CountOf(portal)}.");
            await Task.Yield();
        }
    }

    /// <summary>Opens a connection by long polling, and gives its address and the answer to the handshake.</summary>
    private static async Task<(string Connection, string Answer)> ShakeHandsAsync(HttpClient browser)
    {
        var negotiated = await (await browser.PostAsync("/_blazor/negotiate?negotiateVersion=1", null))
            .Content.ReadFromJsonAsync<JsonElement>();
        var connection = "/_blazor?id=" + negotiated.GetProperty("connectionToken").GetString();
        await browser.GetAsync(connection);
        await browser.PostAsync(connection, new StringContent("""{"protocol":"blazorpack","version":1}""" + "\u001e"));
        var answer = await browser.GetStringAsync(connection);
        Assert.StartsWith("{}\u001e", answer, StringComparison.Ordinal);
        return (connection, answer);
    }

    /// <summary>Somebody who is signed in, and opens one page again and again.</summary>
    private sealed record Visitor(Uri Origin, GivenAccount Account, string Cookie)
    {
        public Task<OpenCircuit> OpenAsync(HttpTransportType transport) => OpenCircuit.OpenAsync(Origin, Page, Cookie, transport);

        public Task<string> PageAsync() => OpenCircuit.PageAsync(Origin, Page, Cookie);

        public Task<OpenCircuit> StartAsync(string page, HttpTransportType transport)
            => OpenCircuit.StartAsync(Origin, Page, Cookie, page, transport);

        /// <summary>What the portal answers to a request for the page.</summary>
        public async Task<HttpStatusCode> StatusAsync()
        {
            using var http = new HttpClient { BaseAddress = Origin };
            http.DefaultRequestHeaders.Add("Cookie", Cookie);
            return (await http.GetAsync(Page)).StatusCode;
        }
    }
}
