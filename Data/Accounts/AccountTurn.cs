using Microsoft.EntityFrameworkCore;

namespace Xeno.Portal.Data.Accounts;

/// <summary>Work that counts an account's rows before it adds one.</summary>
public static class AccountTurn
{
    /// <summary>
    /// Runs <paramref name="work"/> for one account one at a time, across all nodes, so that a count stays true until the insert is saved.
    /// The work is one transaction and may use the database only: on SQLite no other writer can go on meanwhile. After a conflict it is run
    /// again, on an empty context.
    /// </summary>
    public static Task<T> InTurnAsync<T>(
        this PortalDbContext database, string accountId, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        var isRepeated = false;
        return database.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            if (isRepeated)
                database.ChangeTracker.Clear();
            isRepeated = true;

            await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
            if (database.Database.IsNpgsql())
                await database.Database.ExecuteSqlAsync(
                    $"""SELECT 1 FROM "Accounts" WHERE "Id" = {accountId} FOR NO KEY UPDATE""", cancellationToken);
            var result = await work();
            await transaction.CommitAsync(cancellationToken);
            return result;
        });
    }
}
