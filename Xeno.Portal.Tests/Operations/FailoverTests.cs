using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Grants;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Operations;

/// <summary>Two PostgreSQL servers with synchronous replication, and two nodes that know the addresses of both.</summary>
[Trait("Category", "Operations")]
public sealed class FailoverTests
{
    [Fact]
    public async Task A_killed_primary_under_load_loses_nothing_that_was_acknowledged_and_both_nodes_go_on_at_the_new_one()
    {
        await using var servers = await PostgreSqlPair.StartAsync();
        await using var store = StoreOn(servers.ConnectionString);
        using var first = await FlowLoad.OnAsync(store);
        using var second = await FlowLoad.OnAsync(store);
        await using var firstNode = await PortalProcess.StartAsync(store, first);
        await using var secondNode = await PortalProcess.StartAsync(store, second);
        using var stop = new CancellationTokenSource();
        var running = Task.WhenAll(first.RunAsync(8, stop.Token), second.RunAsync(8, stop.Token));
        await Task.WhenAll(first.UntilAsync(() => first.Acknowledged > 300), second.UntilAsync(() => second.Acknowledged > 300));

        await servers.KillPrimaryAsync();
        await Task.WhenAll(first.UntilAsync(() => first.Refused > 20), second.UntilAsync(() => second.Refused > 20));
        Assert.False(await firstNode.IsReadyAsync());
        Assert.False(await secondNode.IsReadyAsync());

        await servers.PromoteStandbyAsync();
        var (before, beforeToo) = (first.Acknowledged, second.Acknowledged);
        await Task.WhenAll(
                first.UntilAsync(() => first.Acknowledged > before + 100), second.UntilAsync(() => second.Acknowledged > beforeToo + 100))
            .WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.True(await firstNode.IsReadyAsync());
        Assert.True(await secondNode.IsReadyAsync());
        await stop.CancelAsync();
        await running;

        foreach (var load in (FlowLoad[])[first, second])
        {
            Assert.Empty(load.Defects);
            Assert.Equal(0, load.Interrupted); // Each request got a complete answer.
            Assert.True(load is { Live.Count: > 50, Revoked.Count: > 20 });
            await load.ShouldFindWhatWasAcknowledgedAsync();
        }
    }

    [Fact]
    public async Task Open_pages_hear_of_changes_at_the_other_node_again_after_a_failover()
    {
        await using var servers = await PostgreSqlPair.StartAsync();
        await using var store = StoreOn(servers.AddressesAlone);
        await using var node = store.Beside();
        var (here, there) = (store.Services.GetRequiredService<InstallChanges>(), node.Services.GetRequiredService<InstallChanges>());
        await here.UntilNotifiedAsync(there);
        await there.UntilNotifiedAsync(here);

        await servers.KillPrimaryAsync();
        await servers.PromoteStandbyAsync();

        await here.UntilNotifiedAsync(there).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        await there.UntilNotifiedAsync(here).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal(2L, await servers.AskAsync("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN xeno_portal %'"));
    }

    /// <summary>
    /// PostgreSQL ends the wait for the standby when a statement is cancelled, and then says that the commit was done. A commit that is on
    /// one server alone would be lost with it.
    /// </summary>
    [Fact]
    public async Task A_commit_that_the_standby_does_not_have_is_not_acknowledged()
    {
        await using var servers = await PostgreSqlPair.StartAsync();
        await using var store = StoreOn(servers.ConnectionString + ";Command Timeout=2");
        var account = await store.AccountAsync();
        var rp = new RelyingParty(store, await store.AppAsync(account, GivenApps.Callback));
        var browser = await store.BrowserOfAsync(account);
        var (token, code) = (await rp.InstallAsync(browser), await rp.CodeAsync(browser));

        await servers.KillStandbyAsync();

        (await rp.RevokeAsync(token)).ShouldBeError(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
        (await rp.ExchangeAsync(code)).ShouldBeError(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await store.Browser().GetAsync("/health/ready")).StatusCode);
    }

    private static PortalFactory StoreOn(string database) => new()
    {
        Settings = { ["Database:Provider"] = "PostgreSql", ["Database:ConnectionString"] = database },
    };
}
