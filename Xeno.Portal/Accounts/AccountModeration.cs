using Microsoft.AspNetCore.Identity;
using Xeno.Portal.Data;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Data.History;
using Xeno.Portal.Grants;

namespace Xeno.Portal.Accounts;

/// <summary>What an operator does to an account. Each method gives false when there is no such account.</summary>
public sealed partial class AccountModeration(
    UserManager<Account> accounts, Lockout lockout, PortalDbContext database, InstallChanges installs, TimeProvider time,
    ILogger<AccountModeration> log)
{
    /// <summary>
    /// Suspends an account: from the next request on its tokens are not usable, its own apps are not served, its sessions are ended, and
    /// it cannot sign in. This lasts until it is resumed; the sessions do not come back.
    /// </summary>
    /// <param name="operatorId">The account of the operator; null when it is done from outside the portal.</param>
    public Task<bool> SuspendAsync(string accountId, string? operatorId = null)
        => SetSuspendedAsync(accountId, time.GetUtcNow(), HistoryKinds.AccountSuspended, operatorId);

    /// <summary>Ends a suspension: tokens that were granted before are usable again.</summary>
    /// <inheritdoc cref="SuspendAsync" path="/param" />
    public Task<bool> ResumeAsync(string accountId, string? operatorId = null)
        => SetSuspendedAsync(accountId, null, HistoryKinds.AccountResumed, operatorId);

    /// <summary>Ends a lockout before its time.</summary>
    /// <inheritdoc cref="SuspendAsync" path="/param" />
    public async Task<bool> UnlockAsync(string accountId, string? operatorId = null)
    {
        if (await accounts.FindByIdAsync(accountId) is not { } account)
            return false;

        await lockout.EndAsync(account, Entry(HistoryKinds.AccountUnlocked, accountId, operatorId));
        return true;
    }

    private async Task<bool> SetSuspendedAsync(string accountId, DateTimeOffset? at, HistoryKind kind, string? operatorId)
    {
        if (await accounts.FindByIdAsync(accountId) is not { } account)
            return false;
        if (account.SuspendedAt is null == at is null)
            return true;

        account.SuspendedAt = at;
        database.History.Add(Entry(kind, accountId, operatorId));

        // Either call saves the account, and the entry with it. A new stamp ends the account's sessions.
        Check(at is null ? await accounts.UpdateAsync(account) : await accounts.UpdateSecurityStampAsync(account));

        // The account's own page of installed apps, and the pages of accounts that installed an app of its.
        installs.Publish(accountId);
        await installs.PublishToHoldersAsync(database.Tokens.Where(token => token.Application!.OwnerId == accountId));
        LogChanged(log, accountId, kind.Name);
        return true;
    }

    private HistoryEntry Entry(HistoryKind kind, string accountId, string? operatorId) => new()
    {
        At = time.GetUtcNow(), Kind = kind.Name, AccountId = accountId, Actor = HistoryActor.Operator, ActorId = operatorId,
    };

    private static void Check(IdentityResult result)
    {
        if (!result.Succeeded)
            throw new InvalidOperationException(
                $"The account could not be changed: {string.Join(", ", result.Errors.Select(error => error.Code))}");
    }

    [LoggerMessage(1701, LogLevel.Warning, "Account {AccountId}: {Change}.")]
    private static partial void LogChanged(ILogger log, string accountId, string change);
}
