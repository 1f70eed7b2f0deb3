using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xeno.Portal.Bench;
using Xeno.Portal.Sessions;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Operations;

/// <summary>Two nodes on one PostgreSQL behind nginx, started as the files in <c>deploy/</c> describe.</summary>
[Trait("Category", "Operations")]
public sealed class NodesBehindNginxTests(PostgreSqlCluster cluster)
{
    [Fact]
    public async Task A_rolling_restart_under_load_loses_no_request()
    {
        await using var site = await Site.StartAsync(cluster);
        using var load = await FlowLoad.OnAsync(site.Store, site.Proxy.Origin, site.Proxy.Certificate);
        using var stop = new CancellationTokenSource();
        var running = load.RunAsync(8, stop.Token);
        await load.UntilAsync(() => load.Acknowledged > 200);

        for (var node = 0; node < 2; node++)
        {
            Assert.Equal(0, await site.Nodes[node].StopAsync());
            var before = load.Acknowledged;
            await load.UntilAsync(() => load.Acknowledged > before + 100); // The other node serves alone.

            await site.StartNodeAsync(node);
            before = load.Acknowledged;
            await load.UntilAsync(() => load.Acknowledged > before + 200);
        }

        await stop.CancelAsync();
        await running;

        Assert.Empty(load.Defects);
        Assert.Equal((0, 0), (load.Interrupted, load.Refused));
    }

    [Fact]
    public async Task The_proxy_passes_on_the_public_origin_and_the_address_of_the_client()
    {
        await using var site = await Site.StartAsync(cluster, ("RateLimits:RefusedApiCallsPerAddress", "3"));
        using var http = site.Proxy.Client();

        var metadata = await http.GetStringAsync("/.well-known/oauth-authorization-server", TestContext.Current.CancellationToken);
        Assert.Contains($"\"issuer\":\"{site.Proxy.Origin}\"", metadata, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/health/ready", TestContext.Current.CancellationToken)).StatusCode);

        // Each request claims another address, but all count as one: each of the two nodes lets three through.
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 12; i++)
        {
            using var call = new HttpRequestMessage(HttpMethod.Get, "/api/v1/me");
            call.Headers.Add("X-Forwarded-For", $"203.0.113.{i}");
            statuses.Add((await http.SendAsync(call, TestContext.Current.CancellationToken)).StatusCode);
        }

        Assert.Equal(6, statuses.Count(status => status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task Nodes_without_room_for_another_page_go_on_serving_apps()
    {
        await using var site = await Site.StartAsync(cluster, ("RateLimits:OpenPagesPerNode", "1"));
        await using var maker = site.Store.Beside();
        var (name, value) = await maker.SessionCookieAsync(await maker.AccountAsync(), maker.Time.GetUtcNow());
        var cookie = $"{name}={value}";
        await using var first = await OpenCircuit.OpenAsync(new Uri(site.Nodes[0].Origin), "/installed", cookie);
        await using var second = await OpenCircuit.OpenAsync(new Uri(site.Nodes[1].Origin), "/installed", cookie);
        using var http = site.Proxy.Client();
        http.DefaultRequestHeaders.Add("Cookie", cookie);

        for (var i = 0; i < 6; i++)
        {
            var page = await http.GetAsync("/installed", TestContext.Current.CancellationToken);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, true), (page.StatusCode, page.Headers.RetryAfter is not null));
            var call = await http.GetAsync("/api/v1/me", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Unauthorized, call.StatusCode);
        }
    }

    [Fact]
    public async Task Pages_work_through_the_proxy_and_show_a_change_at_the_other_node()
    {
        await using var site = await Site.StartAsync(cluster);
        await using var maker = site.Store.Beside();
        var account = await maker.AccountAsync();
        var rp = new RelyingParty(maker, await maker.AppAsync(account, "https://app.example/callback"));
        var browser = await maker.BrowserOfAsync(account);
        string[] tokens = [await rp.InstallAsync(browser), await rp.InstallAsync(browser)];

        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await Chromium.LaunchAsync(playwright);
        var page = await LogInAsync(chromium, site, account, "/installed");
        var region = page.GetByRole(AriaRole.Region, new() { Name = rp.App.Name, Exact = true });
        await region.WaitForAsync();

        // One change at each node: one of the two is not the node that renders the page.
        var revoke = region.GetByRole(AriaRole.Button, new() { Name = "Revoke", Exact = true });
        await Assertions.Expect(revoke).ToHaveCountAsync(2);
        await RevokeAsync(site.Nodes[0], tokens[0]);
        await Assertions.Expect(revoke).ToHaveCountAsync(1);
        await RevokeAsync(site.Nodes[1], tokens[1]);
        await Assertions.Expect(region).ToHaveCountAsync(0);

        async Task RevokeAsync(PortalProcess node, string token)
        {
            using var http = new HttpClient { BaseAddress = new Uri(node.Origin) };
            var answer = await http.PostAsync("/oauth/revoke", new FormUrlEncodedContent(
                new Dictionary<string, string> { ["client_id"] = rp.App.ClientId, ["client_secret"] = rp.App.Secret!, ["token"] = token }));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_page_whose_session_is_ended_at_another_node_leads_to_the_log_in_page_within_seconds()
    {
        await using var site = await Site.StartAsync(cluster);
        await using var third = site.Store.Beside(); // The page is drawn by one of the other two.
        var account = await third.AccountAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await Chromium.LaunchAsync(playwright);
        var page = await LogInAsync(chromium, site, account, "/installed");
        await Assertions.Expect(page.GetByText("No app is installed")).ToBeVisibleAsync();
        var sessions = third.Services.GetRequiredService<AccountSessions>();
        var session = Assert.Single(await sessions.ListForAsync(account.Id), session => session.Id != account.Actor.SessionId);

        Assert.True(await sessions.EndAsync(account.Id, session.Id));

        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/account/login\\?returnUrl="), new() { Timeout = 5_000 });
    }

    private static async Task<IPage> LogInAsync(IBrowser chromium, Site site, GivenAccount account, string returnUrl)
    {
        var context = await chromium.NewContextAsync(
            new BrowserNewContextOptions { BaseURL = site.Proxy.Origin, IgnoreHTTPSErrors = true });
        var page = await context.NewPageAsync();
        await page.GotoAsync($"/account/login?returnUrl={Uri.EscapeDataString(returnUrl)}");
        await page.GetByLabel("Email", new() { Exact = true }).FillAsync(account.Email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Given.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Log in", Exact = true }).ClickAsync();
        return page;
    }
}
