using Microsoft.EntityFrameworkCore;
using Xeno.Portal.Data;
using Xeno.Portal.Data.Apps;
using Xeno.Portal.Grants;

namespace Xeno.Portal.Accounts;

/// <summary>Deletes an account with all that is its own.</summary>
public sealed partial class AccountDeletion(PortalDbContext database, GrantEnding ending, ILogger<AccountDeletion> log)
{
    /// <summary>
    /// Deletes the account's apps, whose tokens end on every account, then the account with its grants, tokens and resources. History
    /// entries that only it could read are removed; all others lose the account's id. False: there is no such account. When this is
    /// interrupted, the account is still there, perhaps without its apps; calling this again continues.
    /// </summary>
    public async Task<bool> DeleteAsync(string accountId, CancellationToken cancellationToken = default)
    {
        // Repeated when an app was changed or registered at the same moment.
        while (await OwnAppsAsync(accountId, cancellationToken) is { Count: > 0 } apps)
            foreach (var (clientId, version) in apps)
                await ending.DeleteAppAsync(clientId, accountId, version);

        // A foreign key would remove the rows of an app with very many tokens in one long transaction.
        await ending.FinishAsync(cancellationToken);
        var deleted = await ending.DeleteAccountAsync(accountId);
        if (deleted)
            LogDeleted(log, accountId);
        return deleted;
    }

    private async Task<List<(string ClientId, string? Version)>> OwnAppsAsync(string accountId, CancellationToken cancellationToken)
    {
        var apps = await database.Apps.OwnedBy(accountId)
            .Select(app => new { app.ClientId, app.ConcurrencyToken }).ToListAsync(cancellationToken);
        return [.. apps.Select(app => (app.ClientId!, app.ConcurrencyToken))];
    }

    [LoggerMessage(1703, LogLevel.Warning, "Account {AccountId} was deleted.")]
    private static partial void LogDeleted(ILogger log, string accountId);
}
