using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Xeno.Portal.Data.Sqlite;

/// <summary>
/// Keeps the file of the database from other users of the machine, because it holds hashes, keys and e-mail addresses. SQLite itself would
/// create it by the umask, readable by everybody as a rule. To <c>-wal</c> and <c>-shm</c> SQLite gives the mode of the database file.
/// </summary>
internal sealed partial class SqliteFile(ILogger<SqliteFile> log)
{
    private static readonly string[] s_endings = ["", "-wal", "-shm"];

    /// <summary>
    /// Creates the file of this connection string, if there is none, before SQLite does. From an existing one, others lose their rights.
    /// </summary>
    /// <exception cref="FolderRefusedException">
    /// This user may not write to the file or to its folder, where SQLite keeps two more files while the portal runs.
    /// </exception>
    public void Prepare(string connectionString)
    {
        if (SqliteConnectionSettings.FileOf(connectionString) is not { } file)
            return;

        // SQLite follows a link too, and puts the two other files beside the real one.
        if (new FileInfo(file) is { LinkTarget: not null } link)
            file = link.ResolveLinkTarget(returnFinalTarget: true)!.FullName;

        if (ConnectionStrings.Sqlite(connectionString).Mode is SqliteOpenMode.ReadWriteCreate)
            Create(file);

        foreach (var existing in s_endings.Select(ending => file + ending).Where(File.Exists))
            TakeFromOthers(existing);
    }

    private static void Create(string file)
    {
        if (File.Exists(file) && !PrivateFiles.MayWrite(file))
            throw new FolderRefusedException(file, new UnauthorizedAccessException());

        var folder = Path.GetDirectoryName(file)!;
        try
        {
            if (!File.Exists(file))
                PrivateFiles.Create(file);
            else if (!File.Exists(file + "-wal"))
                PrivateFiles.TryWriteBeside(file);
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException || (failure is IOException && !File.Exists(file)))
        {
            throw new FolderRefusedException(folder, failure);
        }
        catch (IOException)
        {
            // Another process has just created it, or holds it: then SQLite says what is wrong, if anything.
        }
    }

    private void TakeFromOthers(string file)
    {
        try
        {
            if (PrivateFiles.TakeFromOthers(file))
                LogTaken(log, file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogOpen(log, file, failure.Message);
        }
    }

    [LoggerMessage(1901, LogLevel.Warning,
        "Other users of this machine had rights to {File}, which holds hashes and keys. Now only its owner has (mode 0600).")]
    private static partial void LogTaken(ILogger log, string file);

    [LoggerMessage(1902, LogLevel.Warning,
        "Other users of this machine have rights to {File}, which holds hashes and keys. Its mode could not be changed: {Reason}")]
    private static partial void LogOpen(ILogger log, string file, string reason);
}
