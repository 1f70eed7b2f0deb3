using System.Diagnostics;
using Npgsql;
using Xeno.Portal.Tests.Support;

[assembly: AssemblyFixture(typeof(PostgreSqlCluster))]

namespace Xeno.Portal.Tests.Support;

/// <summary>
/// A PostgreSQL server for this test run, from Debian's packages, on a free port and in a folder that is deleted at the end. Started by the
/// first test that needs a database.
/// </summary>
public sealed class PostgreSqlCluster : IAsyncDisposable
{
    private const string Template = "xeno_template";

    private readonly Lazy<Task> _started;
    private readonly string _folder = Directory.CreateTempSubdirectory("xeno-postgresql-").FullName;
    private readonly int _port = FreePort.Take();
    private readonly bool _isDurable;
    private readonly int _maxConnections;
    private bool _isRunning;

    public PostgreSqlCluster() : this(isDurable: false)
    {
    }

    /// <param name="isDurable">Whether commits are flushed to the disk; only tests about crashes need it.</param>
    /// <param name="maxConnections">The server's <c>max_connections</c>.</param>
    internal PostgreSqlCluster(bool isDurable, int maxConnections = 300)
    {
        (_isDurable, _maxConnections) = (isDurable, maxConnections);
        _started = new(StartFirstAsync);
    }

    /// <summary>An empty database that is migrated already; gives its connection string.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        await _started.Value;
        var name = $"xeno_{Guid.NewGuid():N}";
        await ExecuteAsync(ConnectionTo("postgres"), $"CREATE DATABASE {name} TEMPLATE {Template}");
        return ConnectionTo(name);
    }

    /// <summary>An empty database without tables.</summary>
    public async Task<string> BlankDatabaseAsync()
    {
        await _started.Value;
        var name = $"xeno_{Guid.NewGuid():N}";
        await ExecuteAsync(ConnectionTo("postgres"), $"CREATE DATABASE {name}");
        return ConnectionTo(name);
    }

    /// <summary>Runs a client tool of PostgreSQL from the folder of its package.</summary>
    public static Task RunToolAsync(string program, params string[] arguments)
        => RunProgramAsync(Path.Combine(Binaries(), program), arguments);

    /// <summary>Runs a tool of PostgreSQL as the user of the server, who is not root: the server refuses that.</summary>
    internal static Task RunServerAsync(string program, params string[] arguments)
        => RunAsServerAsync(Path.Combine(Binaries(), program), arguments);

    /// <summary>Runs any program as the user of the server.</summary>
    internal static Task RunAsServerAsync(string program, params string[] arguments)
        => RunProgramAsync(program, arguments, Environment.IsPrivilegedProcess ? "postgres" : null);

    /// <summary>Lets the user of the server make folders in this one.</summary>
    internal static void OpenToTheServersUser(string folder)
    {
        if (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
    }

    /// <summary>Makes the files of a new server.</summary>
    internal static Task InitializeAsync(string data) => RunServerAsync(
        "initdb", "--pgdata", data, "--username", "xeno", "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync");

    /// <summary>Starts the server again after <see cref="StopAsync"/>.</summary>
    public async Task StartAsync()
    {
        await RunServerAsync("pg_ctl", "--pgdata", Data, "--log", Path.Combine(_folder, "log"), "--wait", "--options",
            $"-p {_port} -k {_folder} -c listen_addresses=127.0.0.1 -c max_connections={_maxConnections} "
            + $"-c fsync={(_isDurable ? "on" : "off")}",
            "start");
        _isRunning = true;
    }

    /// <summary>Stops the server as a crash does: all connections are closed at once.</summary>
    public async Task StopAsync()
    {
        await RunServerAsync("pg_ctl", "--pgdata", Data, "--mode", "immediate", "--wait", "stop");
        _isRunning = false;
    }

    /// <summary>The server's own check of tables and indexes, <c>pg_amcheck</c>: <c>ok</c>, or what is broken.</summary>
    public async Task<string> CheckAsync(string connectionString)
    {
        var database = new NpgsqlConnectionStringBuilder(connectionString).Database!;
        try
        {
            await RunServerAsync(
                "pg_amcheck", "--host", "127.0.0.1", "--port", $"{_port}", "--username", "xeno", "--install-missing", "--heapallindexed",
                database);
            return "ok";
        }
        catch (InvalidOperationException broken)
        {
            return broken.Message;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_isRunning)
            await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    private string ConnectionTo(string database) => $"Host=127.0.0.1;Port={_port};Username=xeno;Database={database}";

    private async Task StartFirstAsync()
    {
        OpenToTheServersUser(_folder);
        await InitializeAsync(Data);
        await StartAsync();

        await ExecuteAsync(ConnectionTo("postgres"), $"CREATE DATABASE {Template}");
        await using var portal = new PortalFactory
        {
            Settings = { ["Database:Provider"] = "PostgreSql", ["Database:ConnectionString"] = ConnectionTo(Template) },
        };
        _ = portal.Services; // Started, and so migrated.
    }

    /// <summary>Runs a statement on a connection of its own.</summary>
    /// <param name="database">A connection string.</param>
    public static async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static async Task RunProgramAsync(string program, string[] arguments, string? asUser = null)
    {
        // Not read: the server inherits the output and never closes it.
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = "/", RedirectStandardOutput = true };
        if (asUser is not null)
            start.UserName = asUser;
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    private static string Binaries() => Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin"))
        .Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
        ?? throw new InvalidOperationException("PostgreSQL is not installed: apt-get install postgresql (test.sh does it).");
}
