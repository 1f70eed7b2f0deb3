namespace Xeno.Portal.Data;

/// <summary>The database cannot be used. The message is for the operator: what is wrong, and what to do.</summary>
public abstract class DatabaseRefusalException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>The database has a migration that this build does not know. To write to it could lose data of the newer build.</summary>
public sealed class DatabaseIsNewerException(string migration) : DatabaseRefusalException(
    $"The database is newer than this program: it has the migration {migration}, which is unknown here. "
    + "Start the version that made it, or a later one, or restore a backup from before.");

/// <summary>The database is older than this build, and <c>Database:MigrateOnStart</c> is false.</summary>
public sealed class MigrationsArePendingException(IReadOnlyCollection<string> pending) : DatabaseRefusalException(
    $"The database is older than this program ({pending.Count} {(pending.Count == 1 ? "migration" : "migrations")}, "
    + $"up to {pending.Last()}), and Database:MigrateOnStart is false: run `dotnet Xeno.Portal.dll migrate` first.");

/// <summary>A migration of this build failed and was rolled back.</summary>
public sealed class MigrationFailedException(Exception cause) : DatabaseRefusalException(
    $"The database could not be brought to this program's model: {cause.Message.ReplaceLineEndings(" ")}", cause);

/// <summary>The user who runs this program may not write to the database file or its folder, or nobody may.</summary>
public sealed class FolderRefusedException(string path, Exception cause) : DatabaseRefusalException(
    cause is UnauthorizedAccessException
        ? $"The user {Environment.UserName} may not write to {path}, where Database:ConnectionString has the database. "
            + $"Give it to that user: chown -R {Environment.UserName}: {path}"
        : $"{path}, where Database:ConnectionString has the database, cannot be written: {cause.Message.ReplaceLineEndings(" ")}",
    cause);

/// <summary>The database does not answer, or refuses the log-in of this program.</summary>
public sealed class DatabaseIsOutOfReachException(Exception cause) : DatabaseRefusalException(
    $"The database cannot be reached, see Database:ConnectionString: {cause.Message.ReplaceLineEndings(" ")}", cause);
