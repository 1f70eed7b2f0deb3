using Xeno.Portal.Data.History;
using Xeno.Portal.Data.Statements;

namespace Xeno.Portal.Data.Guesses;

/// <summary>
/// Counts guesses for all nodes together. A count lasts a fixed time from its first guess, then starts again from zero. The last guess that
/// is allowed starts that time once more; guesses after it do not make it longer.
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
            "EndsAt" = CASE WHEN "GuessCounts"."EndsAt" <= $2 OR "GuessCounts"."Count" + 1 = $4
                            THEN excluded."EndsAt" ELSE "GuessCounts"."EndsAt" END
        RETURNING "Count", "EndsAt"
        """);

    private static readonly Statement s_takeBack = new("""
        UPDATE "GuessCounts" SET "Count" = "Count" - 1 WHERE "Key" = $1 AND "Count" > 0
        """);

    private static readonly Statement s_forget = new("""
        DELETE FROM "GuessCounts" WHERE "Key" = $1
        """);

    private static readonly Statement s_removeEnded = new("""
        DELETE FROM "GuessCounts" WHERE "Key" IN (SELECT "Key" FROM "GuessCounts" WHERE "EndsAt" <= $1 ORDER BY "EndsAt" LIMIT $2)
        """);

    /// <summary>The running count of <paramref name="key"/>; null when there is none.</summary>
    public ValueTask<RunningCount?> FindAsync(string key, DateTimeOffset now) => statements.FindAsync(s_find, Read, key, now);

    /// <summary>Adds one to each count, in one transaction, and returns the new counts.</summary>
    public Task<IReadOnlyList<RunningCount>> AddAsync(IReadOnlyList<CountedGuess> guesses, DateTimeOffset now)
        => statements.CommitAsync(async transaction =>
        {
            var counts = new List<RunningCount>();
            foreach (var guess in guesses)
                counts.Add((await transaction.FindAsync(s_add, Read, guess.Key, now, now + guess.Length, guess.Most))!);
            return (IReadOnlyList<RunningCount>)counts;
        });

    /// <summary>Takes one out of each count: that guess was right, or was not compared.</summary>
    public Task TakeBackAsync(IReadOnlyList<string> keys) => statements.CommitAsync(async transaction =>
    {
        foreach (var key in keys)
            await transaction.ExecuteAsync(s_takeBack, key);
        return keys.Count;
    });

    /// <summary>Removes a count, because the right password or secret was given, or because an operator unlocks the account.</summary>
    /// <param name="entry">The entry of the history, where it gets one: in the same transaction, if there was a count.</param>
    public Task ForgetAsync(string key, HistoryEntry? entry = null) => statements.CommitAsync(async transaction =>
    {
        var removed = await transaction.ExecuteAsync(s_forget, key);
        if (removed > 0 && entry is not null)
            await HistoryLedger.AddAsync(transaction, entry);
        return removed;
    });

    /// <summary>Removes at most <paramref name="most"/> counts whose time is over; returns how many were removed.</summary>
    public Task<int> RemoveOverAsync(DateTimeOffset now, int most)
        => statements.CommitAsync(transaction => transaction.ExecuteAsync(s_removeEnded, now, most));

    private static RunningCount Read(System.Data.Common.DbDataReader row) => new(row.GetInt32(0), row.Instant(1)!.Value);
}

/// <summary>A guess to count.</summary>
/// <param name="Length">How long the count lasts from its first guess, and from the last one that is allowed.</param>
/// <param name="Most">How many are allowed in that time.</param>
public sealed record CountedGuess(string Key, TimeSpan Length, int Most);

/// <summary>How many wrong guesses so far, and when the count ends.</summary>
public sealed record RunningCount(int Count, DateTimeOffset EndsAt);
