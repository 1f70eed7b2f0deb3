using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Operations;

/// <summary>
/// What was answered is on disk: an app is under load, the portal is killed with SIGKILL twenty times at random moments, and afterwards
/// every token that was received works and every revocation that was acknowledged holds.
/// </summary>
public abstract class CrashTests
{
    private const int Crashes = 20;
    private const int Workers = 8;

    [Fact]
    public async Task Twenty_kills_under_load_lose_no_token_and_no_revocation()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        await using var store = await StoreAsync();
        using var load = await FlowLoad.OnAsync(store);

        using var stop = new CancellationTokenSource();
        var portal = await PortalProcess.StartAsync(store, load);
        var serving = new TaskCompletionSource();
        serving.SetResult();
        load.BeforeEach = () => Volatile.Read(ref serving).Task;
        var running = load.RunAsync(Workers, stop.Token);

        for (var crash = 0; crash < Crashes; crash++)
        {
            var until = load.Acknowledged + random.Next(1, 200);
            await load.UntilAsync(() => load.Acknowledged >= until);

            Volatile.Write(ref serving, new TaskCompletionSource());
            await portal.KillAsync();
            portal = await PortalProcess.StartAsync(store, load);
            serving.SetResult();
        }

        await stop.CancelAsync();
        await running;

        var outcome = $"seed {seed}: {load.Acknowledged} acknowledged, {load.Interrupted} interrupted, "
            + $"{load.Live.Count} live, {load.Revoked.Count} revoked";
        TestContext.Current.SendDiagnosticMessage(outcome);
        Assert.True(load.Defects.IsEmpty, $"{outcome}: {string.Join('\n', load.Defects.Take(5))}");
        Assert.True(load is { Live.Count: > 100, Revoked.Count: > 20, Interrupted: > 0 }, outcome);
        await load.ShouldFindWhatWasAcknowledgedAsync(outcome);

        await portal.DisposeAsync();
        Assert.Equal("ok", await CheckAsync(store));
    }

    /// <summary>A database that survives the portals on it; empty at first.</summary>
    protected abstract Task<PortalFactory> StoreAsync();

    /// <summary>The result of the database's consistency check: <c>ok</c>, or what is broken.</summary>
    protected abstract Task<string> CheckAsync(PortalFactory store);
}

[Trait("Category", "Operations")]
public sealed class CrashOnSqlite : CrashTests
{
    protected override Task<PortalFactory> StoreAsync() => Task.FromResult(new PortalFactory());

    protected override Task<string> CheckAsync(PortalFactory store) => SqliteCheck.OfAsync(store.DatabaseFile);
}

[Trait("Category", "Operations")]
public sealed class CrashOnPostgreSql : CrashTests, IAsyncLifetime
{
    private readonly PostgreSqlCluster _cluster = new(isDurable: true);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    protected override async Task<PortalFactory> StoreAsync()
    {
        var store = new PostgreSqlPortal(_cluster);
        await store.InitializeAsync();
        return store;
    }

    protected override Task<string> CheckAsync(PortalFactory store) => _cluster.CheckAsync(store.Settings["Database:ConnectionString"]!);
}
