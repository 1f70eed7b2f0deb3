using Npgsql;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Operations;

/// <summary>The server has room for fewer connections than the nodes may open: with its defaults, each has a pool of 100.</summary>
[Trait("Category", "Operations")]
public sealed class TooManyClientsTests
{
    private const string Sentence = "The server has fewer connections than the pools may open";

    [Fact]
    public async Task Two_nodes_under_load_share_thirty_connections_and_refuse_no_request()
    {
        await using var cluster = new PostgreSqlCluster(isDurable: false, maxConnections: 30);
        await using var store = new PostgreSqlPortal(cluster);
        await store.InitializeAsync();
        using var first = await FlowLoad.OnAsync(store);
        using var second = await FlowLoad.OnAsync(store);
        using var stop = new CancellationTokenSource();

        // The first node is busy before the second one is there, and could have taken all connections.
        await using var firstNode = await PortalProcess.StartAsync(store, first);
        var running = first.RunAsync(32, stop.Token);
        await first.UntilAsync(() => first.Acknowledged > 500);
        await using var secondNode = await PortalProcess.StartAsync(store, second);
        running = Task.WhenAll(running, second.RunAsync(32, stop.Token));
        await second.UntilAsync(() => second.Acknowledged > 2500);
        await stop.CancelAsync();
        await running;

        Assert.Empty(first.Defects);
        Assert.Empty(second.Defects);
        Assert.Equal((0, 0, 0, 0), (first.Refused, second.Refused, first.Interrupted, second.Interrupted));
        Assert.Single(
            firstNode.Lines, line => line.Contains($"{Sentence}: 1 node(s) may open 100, and it has 27.", StringComparison.Ordinal));
        Assert.Single(
            secondNode.Lines, line => line.Contains($"{Sentence}: 2 node(s) may open 200, and it has 27.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_limits_of_the_role_and_of_the_database_count_too_and_a_pool_that_fits_is_not_spoken_of()
    {
        await using var cluster = new PostgreSqlCluster();
        await using var portal = new PostgreSqlPortal(cluster);
        await portal.InitializeAsync();
        var database = portal.Settings["Database:ConnectionString"]!;
        await using var fitting = portal.Beside();
        fitting.Settings["Logging:LogLevel:Xeno.Portal.Data.PostgreSql"] = "Debug";
        _ = fitting.Services;
        await fitting.Log.UntilAsync("1 node(s) share 297 connections of the server; this one uses 100 at most.");
        Assert.DoesNotContain(Sentence, fitting.Log.Text, StringComparison.Ordinal);

        var name = new NpgsqlConnectionStringBuilder(database).Database;
        await PostgreSqlCluster.ExecuteAsync(database, $"ALTER DATABASE {name} CONNECTION LIMIT 40");
        await using var limited = portal.Beside();
        _ = limited.Services;
        await limited.Log.UntilAsync("it has 40.");

        await PostgreSqlCluster.ExecuteAsync(database, "ALTER ROLE xeno CONNECTION LIMIT 20");
        await using var smaller = portal.Beside();
        _ = smaller.Services;
        await smaller.Log.UntilAsync("it has 20. Each node keeps to its share, and requests wait for their turn. "
            + "Set Database:MaxConnections to 6 or less on each node");
    }
}
