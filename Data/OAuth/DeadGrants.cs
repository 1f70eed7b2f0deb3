using Xeno.Portal.Data.Statements;

namespace Xeno.Portal.Data.OAuth;

/// <summary>
/// Grants that nothing can come of any more, with their codes and tokens, which the foreign key takes along. The used code of a grant whose
/// token lives is not dead: presented again it still ends that token (RFC 6749 §4.1.2).
/// </summary>
public sealed class DeadGrants(IStatements statements)
{
    private static readonly Statement s_removeEnded = new("""
        DELETE FROM "Grants" WHERE "Id" IN (
            SELECT "Id" FROM "Grants" WHERE "Status" = 'revoked' AND "CreationDate" < $1 ORDER BY "CreationDate" LIMIT $2)
        """);

    private static readonly Statement s_removeNeverUsed = new("""
        DELETE FROM "Grants" WHERE "Id" IN (
            SELECT "AuthorizationId" FROM "Tokens" WHERE "Status" = 'valid' AND "ExpirationDate" < $1 ORDER BY "ExpirationDate" LIMIT $2)
        """);

    /// <summary>Removes up to <paramref name="most"/> grants that were revoked and made before an instant; gives how many it found.</summary>
    public Task<int> RemoveEndedAsync(DateTimeOffset madeBefore, int most)
        => statements.CommitAsync(transaction => transaction.ExecuteAsync(s_removeEnded, madeBefore.UtcDateTime, most));

    /// <summary>Removes up to <paramref name="most"/> grants whose code waited for its exchange until before an instant.</summary>
    public Task<int> RemoveNeverUsedAsync(DateTimeOffset expiredBefore, int most)
        => statements.CommitAsync(transaction => transaction.ExecuteAsync(s_removeNeverUsed, expiredBefore.UtcDateTime, most));
}
