using System.Collections.Concurrent;
using System.Net;
using Microsoft.Playwright;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Operations;

/// <summary>In the middle of a rolling update: behind nginx one node is of the old build, the other of the next one.</summary>
[Trait("Category", "Operations")]
public sealed class RollingUpdateTests(PostgreSqlCluster cluster)
{
    [Fact]
    public async Task Pages_of_both_builds_come_up_without_one_failed_file()
    {
        using var next = new AnotherBuild();
        await using var site = await Site.StartAsync(cluster);
        await site.UpdateNodeAsync(1, next.Program);
        await using var maker = site.Store.Beside();
        var account = await maker.AccountAsync();
        var app = new RelyingParty(maker, await maker.AppAsync(account, GivenApps.Callback));
        await app.InstallAsync(await maker.BrowserOfAsync(account));
        var session = await maker.SessionCookieAsync(account, maker.Time.GetUtcNow());
        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await Chromium.LaunchAsync(playwright);
        var (problems, styles) = (new ConcurrentBag<string>(), new ConcurrentBag<string>());

        for (var i = 0; i < 50; i++)
            await ShowAsync(app.AuthorizeUrl(("prompt", "consent")), AriaRole.Button, "Allow");
        for (var i = 0; i < 20; i++)
            await ShowAsync("/installed", AriaRole.Region, app.App.Name); // Drawn by the circuit alone.

        Assert.Empty(problems);
        Assert.Equal(2, styles.Distinct().Count()); // Each build has drawn pages.

        async Task ShowAsync(string address, AriaRole role, string name)
        {
            // A context of its own has nothing in its cache, and no node that it stays with.
            await using var context = await chromium.NewContextAsync(
                new BrowserNewContextOptions { BaseURL = site.Proxy.Origin, IgnoreHTTPSErrors = true });
            context.Response += (_, answer) =>
            {
                if (answer.Status >= 400)
                    problems.Add($"{answer.Status} {answer.Url}");
                if (new Uri(answer.Url).AbsolutePath.StartsWith("/portal.", StringComparison.Ordinal)
                    && answer.Url.EndsWith(".css", StringComparison.Ordinal))
                    styles.Add(answer.Url);
            };
            context.WebError += (_, error) => problems.Add(error.Error);
            await context.AddCookiesAsync(
                [new Microsoft.Playwright.Cookie { Name = session.Name, Value = session.Value, Url = site.Proxy.Origin }]);
            var page = await context.NewPageAsync();
            await page.GotoAsync(address, new PageGotoOptions { WaitUntil = WaitUntilState.Load });
            await page.GetByRole(role, new() { Name = name, Exact = true }).WaitForAsync();
        }
    }

    [Fact]
    public async Task A_node_answers_the_names_of_the_other_build_with_its_own_files_and_nobody_caches_them()
    {
        using var next = new AnotherBuild();
        await using var site = await Site.StartAsync(cluster);
        await site.UpdateNodeAsync(1, next.Program);
        using var before = new HttpClient { BaseAddress = new Uri(site.Nodes[0].Origin) };
        using var after = new HttpClient { BaseAddress = new Uri(site.Nodes[1].Origin) };

        Assert.True(next.Names.Count > 8);
        foreach (var (old, @new) in next.Names)
        {
            await ShouldBeAsync(before, @new, old);
            await ShouldBeAsync(after, old, @new);
        }

        // A file that only the next build has is asked for there.
        using var http = site.Proxy.Client();
        for (var i = 0; i < 10; i++)
            Assert.Equal(
                HttpStatusCode.OK, (await http.GetAsync(AnotherBuild.NewFile, TestContext.Current.CancellationToken)).StatusCode);
    }

    private static async Task ShouldBeAsync(HttpClient node, string name, string own)
    {
        using var answer = await node.GetAsync(name, TestContext.Current.CancellationToken);
        using var its = await node.GetAsync(own, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (answer.StatusCode, its.StatusCode));
        Assert.Equal("no-cache", answer.Headers.CacheControl?.ToString());
        Assert.Contains("immutable", its.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
        Assert.Equal(
            await its.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken),
            await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }
}
