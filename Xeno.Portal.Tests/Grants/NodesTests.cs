using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Grants;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Grants;

/// <summary>Two nodes on one PostgreSQL: whatever one of them answered, the other one knows.</summary>
[Trait("Category", "Database")]
public sealed class NodesTests(PostgreSqlPortal portal) : IClassFixture<PostgreSqlPortal>
{
    private const string Callback = "https://app.example/callback";

    [Fact]
    public async Task A_cookie_a_code_and_a_token_of_one_are_good_at_the_other_until_one_revokes()
    {
        await using var other = portal.Beside();
        var account = await portal.AccountAsync();
        var here = new RelyingParty(portal, await portal.AppAsync(account, Callback));
        var there = new RelyingParty(other, here.App);
        var browser = await portal.BrowserOfAsync(account);
        var browserThere = other.Browser();
        browserThere.Cookies().Add(browser.Cookies().GetAllCookies());

        var code = await here.CodeAsync(browser);
        var token = (await there.ExchangeAsync(code))["access_token"]!;
        Assert.Equal(HttpStatusCode.OK, (await here.CallAsync(token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await browserThere.GetAsync("/apps")).StatusCode);

        await here.RevokeAsync(token);
        Assert.Equal(HttpStatusCode.Unauthorized, (await there.CallAsync(token)).Status);
    }

    [Fact]
    public async Task One_code_at_both_at_once_gives_one_token()
    {
        await using var other = portal.Beside();
        var account = await portal.AccountAsync();
        var here = new RelyingParty(portal, await portal.AppAsync(account, Callback));
        var there = new RelyingParty(other, here.App);
        var code = await here.CodeAsync(await portal.BrowserOfAsync(account));

        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => (i % 2 == 0 ? here : there).ExchangeAsync(code)));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Pages_of_the_other_node_are_told_and_its_own_only_once()
    {
        await using var other = portal.Beside();
        var (here, there) = (portal.Services.GetRequiredService<InstallChanges>(), other.Services.GetRequiredService<InstallChanges>());

        // Whoever is heard has a line that stands, and has been told that it missed something before.
        await UntilHeardAsync(here, there);
        await UntilHeardAsync(there, here);

        var account = await portal.AccountAsync();
        var rp = new RelyingParty(portal, await portal.AppAsync(account, Callback));
        var (toldHere, toldThere) = (0, new SemaphoreSlim(0));
        using var pageHere = here.Subscribe(account.Id, () => Interlocked.Increment(ref toldHere));
        using var pageThere = there.Subscribe(account.Id, () => toldThere.Release());

        await rp.InstallAsync(await portal.BrowserOfAsync(account));
        await toldThere.WaitAsync(TestContext.Current.CancellationToken);
        await UntilHeardAsync(there, here); // Notices come in order: its own would have come by now.

        Assert.Equal(1, toldHere);
    }

    [Fact]
    public async Task First_starts_at_once_on_an_empty_database_all_serve()
    {
        var nodes = new List<PortalFactory>();
        var first = await portal.BlankAsync();
        nodes.AddRange([first, first.Beside(), first.Beside()]);
        try
        {
            var answers = await Task.WhenAll(nodes.Select(node => Task.Run(async () => (await node.CreateClient().GetAsync("/health/ready")).StatusCode)));

            Assert.All(answers, status => Assert.Equal(HttpStatusCode.OK, status));
        }
        finally
        {
            foreach (var node in nodes)
                await node.DisposeAsync();
        }
    }

    private static async Task UntilHeardAsync(InstallChanges from, InstallChanges by)
    {
        var heard = new TaskCompletionSource();
        var about = Guid.NewGuid().ToString();
        using var subscription = by.Subscribe(about, () => heard.TrySetResult());
        from.Publish(about);
        await heard.Task.WaitAsync(TestContext.Current.CancellationToken);
    }
}
