using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Xeno.Portal.Data;

/// <summary>
/// Copies the embedded database to a file while the portal goes on serving and writing: SQLite's own online backup reads one snapshot, and in
/// WAL mode keeps nobody from writing.
/// </summary>
public sealed class DatabaseBackup(IDbContextFactory<PortalDbContext> contexts)
{
    /// <summary>Writes the backup, checks it, puts it on disk, and only then gives it its name. Gives its size in bytes.</summary>
    /// <exception cref="DatabaseRefusalException">Nothing was written: <paramref name="file"/> is there already, or its folder is not, or the database is a server.</exception>
    public async Task<long> WriteAsync(string file, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var connectionString = context.Database.GetConnectionString()!;
        if (context.Database.IsNpgsql())
            throw new BackupRefusedException($"PostgreSQL is backed up by its own tool: {DumpCommand(connectionString, file)}");

        file = Path.GetFullPath(file);
        if (Path.Exists(file))
            throw new BackupRefusedException($"{file} is there already, and a backup is never written over: name a new file after --to.");
        if (!Directory.Exists(Path.GetDirectoryName(file)))
            throw new BackupRefusedException($"The folder {Path.GetDirectoryName(file)} is not there: make it, or name another file after --to.");

        var unfinished = $"{file}.{Guid.NewGuid():N}.unfinished";
        try
        {
            MakeForTheOwnerOnly(unfinished);
            await Task.Run(() => Copy(connectionString, unfinished), cancellationToken);
            PutOnDisk(unfinished);
            File.Move(unfinished, file); // Refuses a file that somebody made meanwhile.
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
        // ReadWriteCreate, the default, would make an empty database where there is none.
        using var source = new SqliteConnection(new SqliteConnectionStringBuilder(from) { Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        using var copy = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = to, Pooling = false }.ToString());
        source.Open();
        copy.Open();
        source.BackupDatabase(copy);

        using var command = copy.CreateCommand();
        command.CommandText = "PRAGMA journal_mode=DELETE"; // One file, with nothing beside it; the portal that starts on it goes back to WAL.
        command.ExecuteNonQuery();
        command.CommandText = "PRAGMA integrity_check";
        if (command.ExecuteScalar() is not "ok")
            throw new BackupRefusedException("The backup is damaged, and was thrown away: SQLite's integrity check found mistakes. Look at the disk and at the database itself.");
    }

    /// <summary>A backup holds what the database holds: hashes, keys, people's addresses.</summary>
    private static void MakeForTheOwnerOnly(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new FileStream(file, options).Dispose();
    }

    private static void PutOnDisk(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Flush(flushToDisk: true);
    }

    private static string DumpCommand(string connectionString, string file)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        return $"pg_dump --format=custom --file={file} --host={server.Host} --port={server.Port} --username={server.Username} {server.Database}";
    }
}

/// <summary>No backup was made.</summary>
public sealed class BackupRefusedException(string message) : DatabaseRefusalException(message);
