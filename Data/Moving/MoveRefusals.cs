namespace Xeno.Portal.Data.Moving;

/// <summary>The move did not start, or did not finish; the settings must not be changed.</summary>
public sealed class MoveRefusedException(string message, Exception? cause = null) : DatabaseRefusalException(message, cause);

/// <summary>The rows of this SQLite database were moved to PostgreSQL.</summary>
public sealed class DatabaseHasMovedException() : DatabaseRefusalException(
    "This SQLite database was moved to PostgreSQL and takes no more writes: set Database:Provider to PostgreSql and "
    + "Database:ConnectionString to where it was moved. To go back, restore a backup from before the move.");

/// <summary>This PostgreSQL database has only a part of the rows.</summary>
public sealed class MoveIsUnderWayException() : DatabaseRefusalException(
    "This PostgreSQL database is the target of a move that is not done: run `dotnet Xeno.Portal.dll move-database` until it says so, "
    + "or drop the database and create it again.");
