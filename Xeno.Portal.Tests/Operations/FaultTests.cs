using System.Diagnostics;
using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xeno.Portal.Data.Statements;
using Xeno.Portal.Tests.Support;
using static Xeno.Portal.Tests.Support.GivenApps;

namespace Xeno.Portal.Tests.Operations;

/// <summary>PostgreSQL stops and starts again.</summary>
[Trait("Category", "Operations")]
public sealed class DatabaseAwayTests
{
    [Fact]
    public async Task Without_the_database_requests_are_503_with_Retry_After_and_work_again_afterwards()
    {
        await using var cluster = new PostgreSqlCluster(isDurable: true);
        await using var portal = new PostgreSqlPortal(cluster);
        await portal.InitializeAsync();
        var account = await portal.AccountAsync();
        var script = portal.Browser();
        script.DefaultRequestHeaders.Add("Origin", "https://spa.example");
        var rp = new RelyingParty(script, await portal.AppAsync(account, Callback));
        var browser = await portal.BrowserOfAsync(account);
        var token = await rp.InstallAsync(browser);
        var code = await rp.CodeAsync(browser);

        await cluster.StopAsync();
        var exchange = await rp.ExchangeAsync(code);
        var revocation = await rp.RevokeAsync(token);
        var call = await rp.CallAsync(token);
        using var asPerson = new HttpRequestMessage(HttpMethod.Get, rp.AuthorizeUrl());
        asPerson.Headers.Accept.ParseAdd("text/html");
        var page = await browser.SendAsync(asPerson);
        var ready = await portal.Browser().GetAsync("/health/ready");

        exchange.ShouldBeError(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
        revocation.ShouldBeError(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
        Assert.NotNull(exchange["request_id"]);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, call.Status);
        Assert.All(
            [exchange.Response, revocation.Response, call.Response],
            answer => Assert.Equal("*", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin"))));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
        Assert.Contains("cannot answer at the moment", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.All(
            [exchange.Response, call.Response, page],
            answer => Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter?.Delta));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("does not answer", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await portal.Browser().GetAsync("/health/live")).StatusCode);
        Assert.DoesNotContain("unhandled", portal.Log.Text, StringComparison.OrdinalIgnoreCase);

        await cluster.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await rp.ExchangeAsync(code)).Status);
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await portal.Browser().GetAsync("/health/ready")).StatusCode);
    }

    [Fact]
    public async Task A_database_that_does_not_answer_in_time_is_unavailable()
    {
        await using var cluster = new PostgreSqlCluster();
        await using var portal = new PostgreSqlPortal(cluster);
        await portal.InitializeAsync();
        var database = portal.Settings["Database:ConnectionString"]!;
        portal.Settings["Database:ConnectionString"] = $"{database};Command Timeout=1";
        var account = await portal.AccountAsync();
        var rp = new RelyingParty(portal, await portal.AppAsync(account, Callback));
        var token = await rp.InstallAsync(await portal.BrowserOfAsync(account));

        await using var other = new NpgsqlConnection(database);
        await other.OpenAsync(TestContext.Current.CancellationToken);
        await using var holding = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await new NpgsqlCommand("LOCK TABLE \"Tokens\"", other).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var call = await rp.CallAsync(token);
        await holding.RollbackAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, call.Status);
        Assert.NotNull(call.Response.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(token)).Status);
    }

    [Fact]
    public async Task Ten_seconds_without_the_database_under_load_cause_only_refusals()
    {
        await using var cluster = new PostgreSqlCluster(isDurable: true);
        await using var store = new PostgreSqlPortal(cluster);
        await store.InitializeAsync();
        using var load = await FlowLoad.OnAsync(store);
        await using var portal = await PortalProcess.StartAsync(store, load);
        using var stop = new CancellationTokenSource();
        var running = load.RunAsync(8, stop.Token);
        await load.UntilAsync(() => load.Acknowledged > 200);
        Assert.True(await portal.IsReadyAsync());

        await cluster.StopAsync();
        var outage = Stopwatch.StartNew();
        await load.UntilAsync(() => load.Refused > 50 && outage.Elapsed > TimeSpan.FromSeconds(10));
        Assert.False(await portal.IsReadyAsync());

        await cluster.StartAsync();
        var before = load.Acknowledged;
        await load.UntilAsync(() => load.Acknowledged > before + 500);
        Assert.True(await portal.IsReadyAsync());
        await stop.CancelAsync();
        await running;

        Assert.Empty(load.Defects);
        Assert.Equal(0, load.Interrupted); // Each request got a complete answer.
        await load.ShouldFindWhatWasAcknowledgedAsync();
    }
}

/// <summary>
/// SQLite takes no writes any more. Its own switch for that gives the same result code as a file system that became read-only. The switch
/// belongs to the connection, and cannot be taken back on it.
/// </summary>
[Trait("Category", "Operations")]
public sealed class ReadOnlyFileTests
{
    [Fact]
    public async Task A_database_that_became_read_only_is_503_and_not_ready_and_loses_nothing()
    {
        await using var portal = new PortalFactory();
        var rp = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), GivenApps.Callback));
        var code = await rp.CodeAsync(await portal.BrowserOfAsync(await portal.AccountAsync()));

        await portal.Services.GetRequiredService<IStatements>()
            .CommitAsync(transaction => transaction.ExecuteAsync(new Statement("PRAGMA query_only = 1")));
        var refused = await rp.ExchangeAsync(code);
        var ready = await portal.Browser().GetAsync("/health/ready");

        refused.ShouldBeError(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        await using var restarted = portal.Beside();
        Assert.Equal(HttpStatusCode.OK, (await new RelyingParty(restarted, rp.App).ExchangeAsync(code)).Status);
        Assert.Equal(HttpStatusCode.OK, (await restarted.Browser().GetAsync("/health/ready")).StatusCode);
    }
}

/// <summary>A full disk: the database file is on its own small file system.</summary>
[Trait("Category", "Operations")]
public sealed class FullDiskTests : IAsyncLifetime
{
    private const int Megabytes = 24;

    private readonly string _disk = Directory.CreateTempSubdirectory("xeno-small-disk-").FullName;

    public async ValueTask InitializeAsync()
        => await RunAsRootAsync("mount", "-t", "tmpfs", "-o", $"size={Megabytes}m,mode=0777", "tmpfs", _disk);

    public async ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        await RunAsRootAsync("umount", _disk);
        Directory.Delete(_disk);
    }

    [Fact]
    public async Task A_full_disk_is_503_damages_nothing_and_writing_works_again_when_there_is_room()
    {
        var file = Path.Combine(_disk, "portal.db");
        await using var store = new PortalFactory { Settings = { ["Database:ConnectionString"] = $"Data Source={file}" } };
        using var load = await FlowLoad.OnAsync(store);
        await using var portal = await PortalProcess.StartAsync(store, load);
        using var stop = new CancellationTokenSource();
        var running = load.RunAsync(8, stop.Token);
        await load.UntilAsync(() => load.Acknowledged > 200);

        var ballast = Path.Combine(_disk, "ballast");
        FillUp(ballast);
        await load.UntilAsync(() => load.Refused > 20);
        Assert.Equal(HttpStatusCode.OK, await load.CallAsync(load.Live.First())); // Reading still works.
        Assert.False(await portal.IsReadyAsync());

        File.Delete(ballast);
        var before = load.Acknowledged;
        await load.UntilAsync(() => load.Acknowledged > before + 200);
        await stop.CancelAsync();
        await running;

        Assert.Empty(load.Defects);
        Assert.Equal(0, load.Interrupted);
        await load.ShouldFindWhatWasAcknowledgedAsync();

        await portal.StopAsync();
        Assert.Equal("ok", await SqliteCheck.OfAsync(file));
    }

    private static void FillUp(string file)
    {
        using var stream = File.Create(file);
        var block = new byte[64 * 1024];
        try
        {
            while (true)
            {
                stream.Write(block);
                stream.Flush(flushToDisk: true);
            }
        }
        catch (IOException)
        {
            // No space left on device.
        }
    }

    private static async Task RunAsRootAsync(string program, params string[] arguments)
    {
        using var process = Environment.IsPrivilegedProcess
            ? Process.Start(program, arguments)
            : Process.Start("sudo", [program, .. arguments]);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
