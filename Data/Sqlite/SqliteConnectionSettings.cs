using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Xeno.Portal.Data.Sqlite;

/// <summary>
/// The settings of every connection to the embedded database. WAL lets readers work beside the writer. <c>synchronous=FULL</c> puts a
/// commit on disk before it is answered. Foreign keys are off in SQLite by default. <c>busy_timeout</c> (milliseconds) waits for another
/// process that writes. <c>wal_autocheckpoint</c> (pages of 4 KiB, so 16 MiB) is high:
/// each checkpoint costs two flushes of the disk.
/// </summary>
internal sealed class SqliteConnectionSettings : DbConnectionInterceptor
{
    internal const string Pragmas =
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
        + "PRAGMA busy_timeout=5000; PRAGMA wal_autocheckpoint=4000;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        var command = connection.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
            command.CommandText = Pragmas;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Makes a relative file path absolute, starting at <paramref name="settingsFolder"/>, and creates its folder.</summary>
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
