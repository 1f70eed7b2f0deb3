using Microsoft.AspNetCore.Identity;
using Xeno.Portal.Data;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Data.History;
using Xeno.Portal.Grants;

namespace Xeno.Portal.Accounts;

/// <summary>What an operator does to an account. Each method gives false when there is no such account.</summary>
public sealed partial class AccountModeration(
    UserManager<Account> accounts, PortalDbContext database, InstallChanges installs, TimeProvider time, ILogger<AccountModeration> log)
{
    /// <summary>
    /// Suspends an account: its tokens are not usable from the next call on, it cannot sign in, and its sessions end within a minute. This
    /// lasts until it is resumed.
    /// </summary>
    /// <param name="operatorId">The account of the operator; null when it is done from outside the portal.</param>
    public async Task<bool> SuspendAsync(string accountId, string? operatorId = null)
    {
        if (await accounts.FindByIdAsync(accountId) is not { } account)
            return false;

        if (account.SuspendedAt is null)
        {
            account.SuspendedAt = time.GetUtcNow();
            AddEntry(HistoryKinds.AccountSuspended, accountId, operatorId);
        }

        Check(await accounts.UpdateSecurityStampAsync(account)); // Saves the account, and the entry with it.
        installs.Publish(accountId);
        LogSuspended(log, accountId);
        return true;
    }

    /// <summary>Ends a suspension: tokens that were granted before are usable again.</summary>
    /// <inheritdoc cref="SuspendAsync" path="/param" />
    public async Task<bool> ResumeAsync(string accountId, string? operatorId = null)
    {
        if (await accounts.FindByIdAsync(accountId) is not { } account)
            return false;

        if (account.SuspendedAt is not null)
        {
            account.SuspendedAt = null;
            AddEntry(HistoryKinds.AccountResumed, accountId, operatorId);
        }

        Check(await accounts.UpdateAsync(account));
        installs.Publish(accountId);
        LogResumed(log, accountId);
        return true;
    }

    /// <summary>Ends a lockout before its time.</summary>
    /// <inheritdoc cref="SuspendAsync" path="/param" />
    public async Task<bool> UnlockAsync(string accountId, string? operatorId = null)
    {
        if (await accounts.FindByIdAsync(accountId) is not { } account)
            return false;

        if (account.LockoutEnd is not null)
            AddEntry(HistoryKinds.AccountUnlocked, accountId, operatorId);
        account.AccessFailedCount = 0;
        Check(await accounts.SetLockoutEndDateAsync(account, null)); // Saves all three.
        return true;
    }

    private void AddEntry(HistoryKind kind, string accountId, string? operatorId) => database.History.Add(new HistoryEntry
    {
        At = time.GetUtcNow(), Kind = kind.Name, AccountId = accountId, Actor = HistoryActor.Operator, ActorId = operatorId,
    });

    private static void Check(IdentityResult result)
    {
        if (!result.Succeeded)
            throw new InvalidOperationException(
                $"The account could not be changed: {string.Join(", ", result.Errors.Select(error => error.Code))}");
    }

    [LoggerMessage(1701, LogLevel.Warning, "Account {AccountId} was suspended.")]
    private static partial void LogSuspended(ILogger log, string accountId);

    [LoggerMessage(1702, LogLevel.Warning, "Account {AccountId} was resumed.")]
    private static partial void LogResumed(ILogger log, string accountId);
}
