using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Xeno.Portal.Data.Sqlite;

/// <summary>
/// The settings of every connection to the embedded database. WAL lets readers work beside the writer. <c>synchronous=FULL</c> puts a
/// commit on disk before it is answered. Foreign keys are off in SQLite by default. <c>busy_timeout</c> (milliseconds) waits for another
/// process that writes: as long as <c>Default Timeout</c> of the connection string says, at most five seconds.
/// <c>wal_autocheckpoint</c> (pages of 4 KiB, so 16 MiB) is high:
/// each checkpoint costs two flushes of the disk.
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

    /// <summary>Makes a relative file path absolute, starting at <paramref name="settingsFolder"/>, and creates its folder.</summary>
    /// <exception cref="DatabaseIsOutOfReachException">The folder is missing and cannot be created.</exception>
    public static string Absolute(string connectionString, string settingsFolder)
    {
        var builder = ConnectionStrings.Sqlite(connectionString);
        if (FileOf(connectionString) is not { } file)
            return builder.ToString();

        builder.DataSource = Path.GetFullPath(file, settingsFolder);
        try
        {
            PrivateFiles.CreateFolder(Path.GetDirectoryName(builder.DataSource)!);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new FolderRefusedException(Path.GetDirectoryName(builder.DataSource)!, failure);
        }

        return builder.ToString();
    }

    /// <summary>The path of the database file; null: the database is in memory, or named by a URI.</summary>
    internal static string? FileOf(string connectionString)
    {
        var builder = ConnectionStrings.Sqlite(connectionString);
        return builder.DataSource is "" or ":memory:" || builder.Mode is SqliteOpenMode.Memory
            || builder.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
            ? null
            : builder.DataSource;
    }
}
