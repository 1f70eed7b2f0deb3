using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Xeno.Portal.Data;

/// <summary>
/// Copies the embedded database to a file while the portal goes on serving and writing. SQLite's online backup reads one snapshot, and
/// does not block writers in WAL mode.
/// </summary>
public sealed class DatabaseBackup(IDbContextFactory<PortalDbContext> contexts)
{
    /// <summary>Writes the backup, checks it, flushes it to disk, and only then gives it its name. Returns its size in bytes.</summary>
    /// <exception cref="DatabaseRefusalException">
    /// Nothing was written: <paramref name="file"/> exists already, or its folder does not exist, or the database is PostgreSQL.
    /// </exception>
    public async Task<long> WriteAsync(string file, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var connectionString = context.Database.GetConnectionString()!;
        if (context.Database.IsNpgsql())
            throw new BackupRefusedException(
                $"PostgreSQL is backed up by its own tool, after \"umask 077\": {DumpCommand(connectionString, file)}");

        file = Path.GetFullPath(file);
        if (Path.Exists(file))
            throw new BackupRefusedException($"{file} is there already, and a backup is never written over: name a new file after --to.");
        if (!Directory.Exists(Path.GetDirectoryName(file)))
            throw new BackupRefusedException(
                $"The folder {Path.GetDirectoryName(file)} is not there: create it, or name another file after --to.");

        var unfinished = $"{file}.{Guid.NewGuid():N}.unfinished";
        try
        {
            PrivateFiles.Create(unfinished);
            await Task.Run(() => Copy(connectionString, unfinished), cancellationToken);
            FlushToDisk(unfinished);
            File.Move(unfinished, file); // Fails if the file was created in the meantime.
            return new FileInfo(file).Length;
        }
        catch (SqliteException failure)
        {
            throw new BackupRefusedException($"The backup failed, and nothing of it was kept: {failure.Message}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new BackupRefusedException($"The backup cannot be written: {failure.Message}");
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static void Copy(string from, string to)
    {
        // ReadWriteCreate, the default, would create an empty database if there is none.
        using var source = new SqliteConnection(
            new SqliteConnectionStringBuilder(from) { Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        using var copy = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = to, Pooling = false }.ToString());
        source.Open();
        copy.Open();
        source.BackupDatabase(copy);

        using var command = copy.CreateCommand();
        // One file without a -wal file beside it. A portal that starts on it switches back to WAL.
        command.CommandText = "PRAGMA journal_mode=DELETE";
        command.ExecuteNonQuery();
        command.CommandText = "PRAGMA integrity_check";
        if (command.ExecuteScalar() is not "ok")
            throw new BackupRefusedException(
                "The backup is damaged and was deleted: SQLite's integrity check found errors. Check the disk and the database itself.");
    }

    private static void FlushToDisk(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Flush(flushToDisk: true);
    }

    private static string DumpCommand(string connectionString, string file)
    {
        var server = ConnectionStrings.PostgreSql(connectionString);

        // Where several servers are named, each may have a port; the client tools take the ports apart from the names.
        var addresses = server.Host!.Split(',', StringSplitOptions.TrimEntries).Select(address => address.Split(':') is [var host, var port]
            ? (Host: host, Port: port)
            : (Host: address, Port: $"{server.Port}")).ToList();
        return $"pg_dump --format=custom --file={file} --host={string.Join(',', addresses.Select(address => address.Host))} "
            + $"--port={string.Join(',', addresses.Select(address => address.Port))} --username={server.Username} {server.Database}";
    }
}

/// <summary>No backup was written.</summary>
public sealed class BackupRefusedException(string message) : DatabaseRefusalException(message);
