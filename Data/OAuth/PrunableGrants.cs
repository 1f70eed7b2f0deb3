using Xeno.Portal.Data.Statements;

namespace Xeno.Portal.Data.OAuth;

/// <summary>
/// Removes grants that have no valid token and can get none any more; the foreign keys remove their codes and tokens too. A grant whose
/// token is still granted is kept, without its used code: after its lifetime the code ends nothing (RFC 6749 §4.1.2).
/// </summary>
public sealed class PrunableGrants(IStatements statements)
{
    private static readonly Statement s_removeEnded = new("""
        DELETE FROM "Grants" WHERE "Id" IN (
            SELECT "Id" FROM "Grants" WHERE "Status" = 'revoked' AND "CreationDate" < $1 ORDER BY "CreationDate" LIMIT $2)
        """);

    private static readonly Statement s_removeNeverUsed = new("""
        DELETE FROM "Grants" WHERE "Id" IN (
            SELECT "AuthorizationId" FROM "Tokens" WHERE "Status" = 'valid' AND "ExpirationDate" < $1 ORDER BY "ExpirationDate" LIMIT $2)
        """);

    private static readonly Statement s_removeUsedCodes = new("""
        DELETE FROM "Tokens" WHERE "Id" IN (
            SELECT "Id" FROM "Tokens" WHERE "Status" = 'redeemed' AND "ExpirationDate" < $1 ORDER BY "ExpirationDate" LIMIT $2)
        """);

    /// <summary>
    /// Removes at most <paramref name="most"/> revoked grants that were created before <paramref name="madeBefore"/>; returns how many.
    /// </summary>
    public Task<int> RemoveEndedAsync(DateTimeOffset madeBefore, int most)
        => statements.CommitAsync(transaction => transaction.ExecuteAsync(s_removeEnded, madeBefore.UtcDateTime, most));

    /// <summary>
    /// Removes at most <paramref name="most"/> grants whose code expired before <paramref name="expiredBefore"/> without an exchange;
    /// returns how many.
    /// </summary>
    public Task<int> RemoveNeverUsedAsync(DateTimeOffset expiredBefore, int most)
        => statements.CommitAsync(transaction => transaction.ExecuteAsync(s_removeNeverUsed, expiredBefore.UtcDateTime, most));

    /// <summary>
    /// Removes at most <paramref name="most"/> codes that were exchanged and expired before <paramref name="expiredBefore"/>, without their
    /// grants and tokens; returns how many.
    /// </summary>
    public Task<int> RemoveUsedCodesAsync(DateTimeOffset expiredBefore, int most)
        => statements.CommitAsync(transaction => transaction.ExecuteAsync(s_removeUsedCodes, expiredBefore.UtcDateTime, most));
}
