using Xeno.Portal.Data.Statements;

namespace Xeno.Portal.Data.Guesses;

/// <summary>
/// Counts wrong guesses for all nodes together. A count lasts a fixed time from its first guess, then starts again from zero; further
/// guesses do not make it longer.
/// </summary>
public sealed class GuessLedger(IStatements statements)
{
    private static readonly Statement s_find = new("""
        SELECT "Count", "EndsAt" FROM "GuessCounts" WHERE "Key" = $1 AND "EndsAt" > $2
        """);

    private static readonly Statement s_add = new("""
        INSERT INTO "GuessCounts" ("Key", "Count", "EndsAt") VALUES ($1, 1, $3)
        ON CONFLICT ("Key") DO UPDATE SET
            "Count" = CASE WHEN "GuessCounts"."EndsAt" <= $2 THEN 1 ELSE "GuessCounts"."Count" + 1 END,
            "EndsAt" = CASE WHEN "GuessCounts"."EndsAt" <= $2 THEN excluded."EndsAt" ELSE "GuessCounts"."EndsAt" END
        RETURNING "Count", "EndsAt"
        """);

    private static readonly Statement s_forget = new("""
        DELETE FROM "GuessCounts" WHERE "Key" = $1
        """);

    private static readonly Statement s_removeEnded = new("""
        DELETE FROM "GuessCounts" WHERE "Key" IN (SELECT "Key" FROM "GuessCounts" WHERE "EndsAt" <= $1 ORDER BY "EndsAt" LIMIT $2)
        """);

    /// <summary>The running count of <paramref name="key"/>; null when there is none.</summary>
    public ValueTask<RunningCount?> FindAsync(string key, DateTimeOffset now) => statements.FindAsync(s_find, Read, key, now);

    /// <summary>Adds one and returns the new count. The first guess starts a count that lasts <paramref name="length"/>.</summary>
    public async Task<RunningCount> AddAsync(string key, TimeSpan length, DateTimeOffset now)
        => (await statements.CommitAsync(transaction => transaction.FindAsync(s_add, Read, key, now, now + length)))!;

    /// <summary>Removes a count, because the right password or secret was given.</summary>
    public Task ForgetAsync(string key) => statements.CommitAsync(transaction => transaction.ExecuteAsync(s_forget, key));

    /// <summary>Removes at most <paramref name="most"/> counts whose time is over; returns how many were removed.</summary>
    public Task<int> RemoveOverAsync(DateTimeOffset now, int most)
        => statements.CommitAsync(transaction => transaction.ExecuteAsync(s_removeEnded, now, most));

    private static RunningCount Read(System.Data.Common.DbDataReader row) => new(row.GetInt32(0), row.Instant(1)!.Value);
}

/// <summary>How many wrong guesses so far, and when the count ends.</summary>
public sealed record RunningCount(int Count, DateTimeOffset EndsAt);
