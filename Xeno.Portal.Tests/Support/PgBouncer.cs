using System.Diagnostics;
using Npgsql;

namespace Xeno.Portal.Tests.Support;

/// <summary>
/// Debian's PgBouncer before a PostgreSQL server, in transaction mode: after each transaction the server connection goes to whoever is
/// next.
/// </summary>
public sealed class PgBouncer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xeno-pgbouncer-").FullName;
    private readonly string _server;
    private Process? _process;

    private PgBouncer(string server) => _server = server;

    /// <summary>The same database through the pooler.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>Starts one before the database of this connection string.</summary>
    public static async Task<PgBouncer> BeforeAsync(string connectionString)
    {
        var bouncer = new PgBouncer(connectionString);
        await bouncer.StartAsync();
        return bouncer;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync()
    {
        var port = FreePort.Take();
        var server = new NpgsqlConnectionStringBuilder(_server);
        var settings = Path.Combine(_folder, "pgbouncer.ini");
        await File.WriteAllTextAsync(settings, $"""
            [databases]
            * = host={server.Host} port={server.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = trust
            auth_file = {_folder}/users
            pool_mode = transaction
            default_pool_size = 5
            max_client_conn = 500
            """);
        await File.WriteAllTextAsync(Path.Combine(_folder, "users"), $"\"{server.Username}\" \"\"\n");

        // It refuses to run as root.
        var start = new ProcessStartInfo("/usr/sbin/pgbouncer", ["-q", settings]) { WorkingDirectory = "/" };
        if (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
            start.UserName = "postgres";
        }

        _process = Process.Start(start)!;
        await FreePort.UntilItListensAsync(port, () => Assert.False(_process.HasExited, "PgBouncer ended."));
        server.Port = port;
        ConnectionString = server.ConnectionString;
    }
}
