using Npgsql;

namespace Xeno.Portal.Tests.Support;

/// <summary>
/// Two PostgreSQL servers: a primary, and a standby to which it copies every commit before it acknowledges it (synchronous streaming
/// replication). Both are in a folder that is deleted at the end.
/// </summary>
public sealed class PostgreSqlPair : IAsyncDisposable
{
    private const string Standby = "xeno_standby";
    private const string Database = "xeno";

    private readonly string _folder = Directory.CreateTempSubdirectory("xeno-postgresql-pair-").FullName;
    private readonly (int First, int Second) _ports = (FreePort.Take(), FreePort.Take());
    private readonly HashSet<int> _running = [];

    private PostgreSqlPair()
    {
    }

    /// <summary>An empty database, by the addresses of both servers, as <c>docs/operations.md</c> shows it.</summary>
    public string ConnectionString => $"Host=127.0.0.1:{_ports.First},127.0.0.1:{_ports.Second};Username=xeno;Database={Database};"
        + "Target Session Attributes=primary;Host Recheck Seconds=1";

    /// <summary>The same without the settings for several servers, and with the standby first.</summary>
    public string AddressesAlone => $"Host=127.0.0.1:{_ports.Second},127.0.0.1:{_ports.First};Username=xeno;Database={Database}";

    /// <summary>Starts both, and waits until the standby keeps up.</summary>
    public static async Task<PostgreSqlPair> StartAsync()
    {
        var pair = new PostgreSqlPair();
        await pair.StartBothAsync();
        return pair;
    }

    /// <summary>SIGKILL for all processes of the primary: what it had not copied is gone.</summary>
    public Task KillPrimaryAsync() => KillAsync(_ports.First);

    /// <summary>SIGKILL for all processes of the standby.</summary>
    public Task KillStandbyAsync() => KillAsync(_ports.Second);

    /// <summary>Makes the standby the primary. It has no standby of its own, and waits for none.</summary>
    public Task PromoteStandbyAsync() => PostgreSqlCluster.RunServerAsync("pg_ctl", "--pgdata", Data(_ports.Second), "--wait", "promote");

    /// <summary>What the server that is the primary now answers to a question of one value.</summary>
    public async Task<object?> AskAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var question = new NpgsqlCommand(sql, connection);
        return await question.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var port in _running.ToArray())
            await KillAsync(port);
        Directory.Delete(_folder, recursive: true);
    }

    private string Data(int port) => Path.Combine(_folder, $"{port}");

    private async Task StartBothAsync()
    {
        PostgreSqlCluster.OpenToTheServersUser(_folder);
        await PostgreSqlCluster.InitializeAsync(Data(_ports.First));
        await StartServerAsync(_ports.First);
        await ExecuteAsync("postgres", $"CREATE DATABASE {Database}");

        // The copy is a standby by the settings that -R writes. The setting by which the first server waits for it comes later, so that the
        // copy does not have it: promoted, it would wait for a standby that nobody has made.
        await PostgreSqlCluster.RunServerAsync(
            "pg_basebackup", "--pgdata", Data(_ports.Second), "--write-recovery-conf", "--checkpoint=fast",
            "--dbname", $"host=127.0.0.1 port={_ports.First} user=xeno application_name={Standby}");
        await StartServerAsync(_ports.Second);
        await ExecuteAsync(Database, $"ALTER SYSTEM SET synchronous_standby_names = '{Standby}'");
        await ExecuteAsync(Database, "SELECT pg_reload_conf()");
        while (await AskAsync("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") is not 1L)
            await Task.Yield(); // Not yet.
    }

    private async Task StartServerAsync(int port)
    {
        await PostgreSqlCluster.RunServerAsync(
            "pg_ctl", "--pgdata", Data(port), "--log", Path.Combine(_folder, $"{port}.log"), "--wait", "--options",
            $"-p {port} -k {_folder} -c listen_addresses=127.0.0.1 -c max_connections=300 -c synchronous_commit=on", "start");
        _running.Add(port);
    }

    private async Task KillAsync(int port)
    {
        var server = (await File.ReadAllLinesAsync(Path.Combine(Data(port), "postmaster.pid")))[0];
        await PostgreSqlCluster.RunAsServerAsync("sh", "-c", $"kill -KILL {server} $(pgrep --parent {server})");
        _running.Remove(port);
    }

    private Task ExecuteAsync(string database, string sql)
        => PostgreSqlCluster.ExecuteAsync($"Host=127.0.0.1;Port={_ports.First};Username=xeno;Database={database}", sql);
}
