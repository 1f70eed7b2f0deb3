using Microsoft.EntityFrameworkCore;
using Xeno.Portal.Data;
using Xeno.Portal.Data.Apps;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Grants;
using Xeno.Portal.Sessions;

namespace Xeno.Portal.Accounts;

/// <summary>Deletes an account with all that is its own.</summary>
public sealed partial class AccountDeletion(
    PortalDbContext database, GrantEnding ending, SessionChanges sessions, ILogger<AccountDeletion> log)
{
    /// <summary>
    /// Deletes the account's apps, whose tokens end on every account, then the account with its grants, tokens and resources. The history
    /// forgets it: entries that only it could read go, and its name is taken out of all others. False: there is no such account. When it is
    /// interrupted the account is still there, perhaps without its apps; calling it again goes on.
    /// </summary>
    public async Task<bool> DeleteAsync(string accountId, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            // Once more when an app was changed or registered at the same moment.
            foreach (var (clientId, version) in await OwnAppsAsync(accountId, cancellationToken))
                await ending.DeleteAppAsync(clientId, accountId, version, sessionId: null);

            switch (await ending.DeleteAccountAsync(accountId, cancellationToken))
            {
                case AccountEnd.Deleted:
                    sessions.Publish(accountId); // The rows went with the account.
                    LogDeleted(log, accountId);
                    return true;
                case AccountEnd.NotFound:
                    return false;
            }
        }
    }

    private async Task<List<(string ClientId, string? Version)>> OwnAppsAsync(string accountId, CancellationToken cancellationToken)
    {
        var apps = await database.Apps.OwnedBy(accountId).Select(app => new { app.ClientId, app.ConcurrencyToken })
            .ToListAsync(cancellationToken);
        return [.. apps.Select(app => (app.ClientId!, app.ConcurrencyToken))];
    }

    [LoggerMessage(1703, LogLevel.Warning, "Account {AccountId} was deleted.")]
    private static partial void LogDeleted(ILogger log, string accountId);
}
