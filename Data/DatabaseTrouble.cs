using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Xeno.Portal.Data;

/// <summary>Recognizes failures that are temporary: the database does not answer now, but will later.</summary>
public static class DatabaseTrouble
{
    // SQLite's result codes BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN.
    private static readonly int[] s_sqlite = [5, 6, 8, 10, 13, 14];

    /// <summary>
    /// Whether <paramref name="exception"/>, or an inner one, comes from a database that is not reachable, shutting down, out of
    /// connections, busy for too long, read-only, or out of disk space.
    /// </summary>
    public static bool IsBehind(Exception? exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
            if (IsTemporary(cause))
                return true;
        return false;
    }

    private static bool IsTemporary(Exception exception) => exception switch
    {
        // Class 57P: the server stops or starts; 53: out of connections, memory or disk; 58: a file could not be written.
        // 25006: the server became read-only, as the old primary does in a failover.
        PostgresException { SqlState: var state } => state is PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.ReadOnlySqlTransaction
            || state.StartsWith("57P", StringComparison.Ordinal)
            || state.StartsWith("53", StringComparison.Ordinal)
            || state.StartsWith("58", StringComparison.Ordinal),
        NpgsqlException { IsTransient: true } => true,
        NpgsqlException { InnerException: SocketException or IOException or TimeoutException } => true,
        // Of several servers none could be connected to, or none is the primary: a failover is going on. The driver has no other mark.
        NpgsqlException { InnerException: AggregateException tried } => tried.InnerExceptions.Any(IsBehind),
        NpgsqlException { InnerException: null, Message: "No suitable host was found." } => true,
        // SQLITE_CONSTRAINT_TRIGGER: the rows were moved to PostgreSQL (DatabaseMove), and the portal will be started there.
        // The model has no other triggers.
        SqliteException { SqliteExtendedErrorCode: 1811 } => true,
        SqliteException { SqliteErrorCode: var code } => s_sqlite.Contains(code),
        DatabaseBusyException => true,
        _ => false,
    };
}

/// <summary>Another writer held the database for longer than 30 seconds.</summary>
public sealed class DatabaseBusyException() : TimeoutException("The database has been busy with another writer for half a minute.");
