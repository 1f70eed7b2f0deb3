using Xeno.Portal.Data.Statements;

namespace Xeno.Portal.Data.History;

/// <summary>
/// Writes the history from statements of our own, and removes what must not be kept. Code that saves by EF Core adds the entry to
/// <c>PortalDbContext.History</c> instead, so that one <c>SaveChanges</c> holds the act and its entry.
/// </summary>
public sealed class HistoryLedger(IStatements statements)
{
    private static readonly Statement s_insert = new("""
        INSERT INTO "History" ("At", "Kind", "AccountId", "ClientId", "AppName", "Actor", "ActorId", "SessionId", "Device", "TokenId",
            "Scopes", "Reason")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        """);

    private static readonly Statement s_insertWhileThere = new("""
        INSERT INTO "History" ("At", "Kind", "AccountId", "Actor", "Device")
        SELECT $1, $2, o."Id", $4, $5 FROM "Accounts" o WHERE o."Id" = $3 /*lock: FOR KEY SHARE */
        """);

    // Rows are added in the order of time, so the old ones are among the first; entries of a clock that was wrong may stand between them.
    private static readonly Statement s_removeOld = new("""
        DELETE FROM "History" WHERE "Id" IN (
            SELECT "Id" FROM (SELECT "Id", "At" FROM "History" ORDER BY "Id" LIMIT $3) AS first_rows WHERE "At" < $1 LIMIT $2)
        """);

    private static readonly Statement s_removeOwn = new("""
        DELETE FROM "History" WHERE "AccountId" = $1 AND "Actor" <> 'Operator' AND NOT EXISTS (
            SELECT 1 FROM "Apps" a WHERE a."ClientId" = "History"."ClientId" AND a."OwnerId" <> $1 AND a."DeletedAt" IS NULL)
        """);

    private static readonly Statement s_forgetAccount = new("""
        UPDATE "History" SET "AccountId" = NULL, "SessionId" = NULL, "Device" = NULL WHERE "AccountId" = $1
        """);

    private static readonly Statement s_forgetActor = new("""
        UPDATE "History" SET "ActorId" = NULL, "SessionId" = NULL, "Device" = NULL WHERE "ActorId" = $1
        """);

    /// <summary>
    /// Writes that something happened to an account, in a transaction of its own, for an act that changes no row. Writes nothing when the
    /// account is being deleted.
    /// </summary>
    public Task WriteAsync(HistoryKind kind, string accountId, HistoryActor actor, string? device, DateTimeOffset now)
        => statements.CommitAsync(transaction => transaction.ExecuteAsync(
            s_insertWhileThere, now, kind.Name, accountId, actor.ToString(), device));

    /// <summary>
    /// Removes at most <paramref name="most"/> entries that were written before an instant, and gives how many it removed.
    /// </summary>
    public Task<int> RemoveOldAsync(DateTimeOffset before, int most)
        => statements.CommitAsync(transaction => transaction.ExecuteAsync(s_removeOld, before, most, 10 * most));

    /// <summary>Adds an entry to a transaction that is open: both are kept, or neither.</summary>
    internal static ValueTask<int> AddAsync(IStatementTransaction transaction, HistoryEntry entry) => transaction.ExecuteAsync(
        s_insert, entry.At, entry.Kind, entry.AccountId, entry.ClientId, entry.AppName, entry.Actor.ToString(), entry.ActorId,
        entry.SessionId, entry.Device, entry.TokenId, entry.Scopes, entry.Reason);

    /// <summary>
    /// For an account that is being deleted: removes the entries that only it could read (no app of another account shows them), and clears
    /// its id in all others. What an operator did is kept, without that id.
    /// </summary>
    internal static async ValueTask ForgetAccountAsync(IStatementTransaction transaction, string accountId)
    {
        await transaction.ExecuteAsync(s_removeOwn, accountId);
        await transaction.ExecuteAsync(s_forgetAccount, accountId);
        await transaction.ExecuteAsync(s_forgetActor, accountId);
    }
}
