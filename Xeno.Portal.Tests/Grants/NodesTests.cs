using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Grants;
using Xeno.Portal.Tests.Support;
using static Xeno.Portal.Tests.Support.GivenApps;

namespace Xeno.Portal.Tests.Grants;

/// <summary>Two nodes on one PostgreSQL: what one of them answered holds at the other one.</summary>
[Trait("Category", "Database")]
public sealed class NodesTests(PostgreSqlPortal portal) : IClassFixture<PostgreSqlPortal>
{
    [Fact]
    public async Task A_cookie_a_code_and_a_token_of_one_node_are_valid_at_the_other_until_revoked()
    {
        await using var other = portal.Beside();
        var account = await portal.AccountAsync();
        var here = new RelyingParty(portal, await portal.AppAsync(account, Callback));
        var there = new RelyingParty(other, here.App);
        var browser = await portal.BrowserOfAsync(account);
        var browserThere = other.CopyOf(browser);

        var code = await here.CodeAsync(browser);
        var token = (await there.ExchangeAsync(code))["access_token"]!;
        Assert.Equal(HttpStatusCode.OK, (await here.CallAsync(token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await browserThere.GetAsync("/apps")).StatusCode);

        await here.RevokeAsync(token);
        Assert.Equal(HttpStatusCode.Unauthorized, (await there.CallAsync(token)).Status);
    }

    [Fact]
    public async Task One_code_sent_to_both_nodes_gives_one_token()
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
    public async Task Pages_of_the_other_node_are_notified_and_own_pages_only_once()
    {
        await using var other = portal.Beside();
        var (here, there) = (portal.Services.GetRequiredService<InstallChanges>(), other.Services.GetRequiredService<InstallChanges>());

        // After the first notice each node listens to the other one, and has handled the notice that every new connection gets.
        await here.UntilNotifiedAsync(there);
        await there.UntilNotifiedAsync(here);

        var account = await portal.AccountAsync();
        var rp = new RelyingParty(portal, await portal.AppAsync(account, Callback));
        var (noticesHere, noticeThere) = (0, new SemaphoreSlim(0));
        using var pageHere = here.Subscribe(account.Id, () => Interlocked.Increment(ref noticesHere));
        using var pageThere = there.Subscribe(account.Id, () => noticeThere.Release());

        await rp.InstallAsync(await portal.BrowserOfAsync(account));
        await noticeThere.WaitAsync(TestContext.Current.CancellationToken);
        await there.UntilNotifiedAsync(here); // Notices arrive in order, so its own notice would have arrived by now.

        Assert.Equal(1, noticesHere);
    }

    [Fact]
    public async Task Several_nodes_that_start_on_an_empty_database_all_serve()
    {
        var nodes = new List<PortalFactory>();
        var first = await portal.BlankAsync();
        nodes.AddRange([first, first.Beside(), first.Beside()]);
        try
        {
            var answers = await Task.WhenAll(nodes.Select(node => Task.Run(
                async () => (await node.CreateClient().GetAsync("/health/ready")).StatusCode)));

            Assert.All(answers, status => Assert.Equal(HttpStatusCode.OK, status));
            Assert.Equal(1, await first.AskDatabaseAsync(database => database.DataProtectionKeys.CountAsync()));
        }
        finally
        {
            foreach (var node in nodes)
                await node.DisposeAsync();
        }
    }
}
