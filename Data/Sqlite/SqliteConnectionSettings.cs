using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Xeno.Portal.Data.Sqlite;

/// <summary>
/// What every connection to the embedded database must be told. WAL lets readers and the writer work side by side;
/// <c>synchronous=FULL</c> puts a commit on disk before it is answered; foreign keys are off in SQLite unless asked for; another
/// process that writes (a backup, a tool) is waited for as long as <c>Default Timeout</c> of the connection string says, five seconds
/// at most; the log is moved into the database every 16 MiB, because each time costs two flushes of the disk.
/// </summary>
internal sealed class SqliteConnectionSettings : DbConnectionInterceptor
{
    internal static string Pragmas(DbConnection connection)
    {
        var busyTimeout = Math.Min(5000, 1000 * ((SqliteConnection)connection).DefaultTimeout);
        return "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            + $"PRAGMA busy_timeout={busyTimeout}; PRAGMA wal_autocheckpoint=4000;";
    }

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Pragmas(connection);
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        var command = connection.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
            command.CommandText = Pragmas(connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Makes a relative file path absolute beside <paramref name="settingsFolder"/>, and makes its folder.</summary>
    public static string Absolute(string connectionString, string settingsFolder)
    {
        var builder = new SqliteConnectionStringBuilder(connectionString);
        if (builder.DataSource is "" or ":memory:" || builder.Mode is SqliteOpenMode.Memory
            || builder.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
            return builder.ToString();

        builder.DataSource = Path.GetFullPath(builder.DataSource, settingsFolder);
        Directory.CreateDirectory(Path.GetDirectoryName(builder.DataSource)!);
        return builder.ToString();
    }
}
