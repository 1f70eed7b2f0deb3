namespace Xeno.Portal.Data;

/// <summary>The database must not, or cannot, be worked on. The message is for the operator: one sentence on what is wrong, and what to do.</summary>
public abstract class DatabaseRefusalException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>The database was brought to a model that this build does not know: writing to it could lose what a newer build keeps there.</summary>
public sealed class DatabaseIsNewerException(string migration) : DatabaseRefusalException(
    $"The database is newer than this program: it has the migration {migration}, which is unknown here. Start the version that made it, or a later one, or restore a backup from before.");

/// <summary>The database is older than this build, and the settings leave it to the operator to say when it is migrated.</summary>
public sealed class MigrationsArePendingException(IReadOnlyCollection<string> pending) : DatabaseRefusalException(
    $"The database is older than this program ({pending.Count} {(pending.Count == 1 ? "migration" : "migrations")}, up to {pending.Last()}), and Database:MigrateOnStart is false: run `dotnet Xeno.Portal.dll migrate` first.");

/// <summary>A migration of this build did not get through; what it had begun was rolled back with it.</summary>
public sealed class MigrationFailedException(Exception cause) : DatabaseRefusalException(
    $"The database could not be brought to this program's model: {cause.Message.ReplaceLineEndings(" ")}", cause);

/// <summary>The database does not answer, or does not let this program in.</summary>
public sealed class DatabaseIsOutOfReachException(Exception cause) : DatabaseRefusalException(
    $"The database cannot be reached, see Database:ConnectionString: {cause.Message.ReplaceLineEndings(" ")}", cause);
