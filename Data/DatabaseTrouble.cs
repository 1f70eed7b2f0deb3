using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Xeno.Portal.Data;

/// <summary>Tells a database that cannot answer now, and will again, from everything else that can fail.</summary>
public static class DatabaseTrouble
{
    // SQLite's own codes: BUSY, LOCKED, IOERR, FULL, CANTOPEN.
    private static readonly int[] s_sqlite = [5, 6, 10, 13, 14];

    /// <summary>Whether it is behind <paramref name="exception"/>: unreachable, shutting down, out of connections, busy too long, its disk full.</summary>
    public static bool IsBehind(Exception? exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
            if (IsIt(cause))
                return true;
        return false;
    }

    private static bool IsIt(Exception exception) => exception switch
    {
        // Class 57P: the server is stopped or starts; 53: out of connections, memory or disk; 58: a file could not be written.
        PostgresException { SqlState: var state } => state.StartsWith("57P", StringComparison.Ordinal) || state.StartsWith("53", StringComparison.Ordinal)
            || state.StartsWith("58", StringComparison.Ordinal) || state is PostgresErrorCodes.QueryCanceled,
        NpgsqlException { IsTransient: true } or NpgsqlException { InnerException: SocketException or IOException or TimeoutException } => true,
        // Refused by a trigger: the rows were moved to PostgreSQL, where the next start will find them. The model has no other triggers.
        SqliteException { SqliteExtendedErrorCode: 1811 } => true,
        SqliteException { SqliteErrorCode: var code } => s_sqlite.Contains(code),
        DatabaseBusyException => true,
        _ => false,
    };
}

/// <summary>Another writer held the database for longer than anybody should wait.</summary>
public sealed class DatabaseBusyException() : TimeoutException("The database has been busy with another writer for half a minute.");
