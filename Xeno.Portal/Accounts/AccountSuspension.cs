using Microsoft.AspNetCore.Identity;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Grants;

namespace Xeno.Portal.Accounts;

/// <summary>What an operator does to an account that misbehaves, or that is locked. False: there is no such account.</summary>
public sealed partial class AccountSuspension(UserManager<Account> accounts, InstallChanges installs, TimeProvider time, ILogger<AccountSuspension> log)
{
    /// <summary>
    /// Suspends an account: its tokens open nothing from the next call on, nobody signs in to it, and its sessions end within a minute. All of it
    /// until it is resumed.
    /// </summary>
    public async Task<bool> SuspendAsync(string accountId)
    {
        if (await accounts.FindByIdAsync(accountId) is not { } account)
            return false;

        account.SuspendedAt ??= time.GetUtcNow();
        Check(await accounts.UpdateSecurityStampAsync(account)); // Saves the account, too.
        installs.Publish(accountId);
        LogSuspended(log, accountId);
        return true;
    }

    /// <summary>Ends a suspension: tokens that were valid before it are valid again.</summary>
    public async Task<bool> ResumeAsync(string accountId)
    {
        if (await accounts.FindByIdAsync(accountId) is not { } account)
            return false;

        account.SuspendedAt = null;
        Check(await accounts.UpdateAsync(account));
        installs.Publish(accountId);
        LogResumed(log, accountId);
        return true;
    }

    /// <summary>Ends a lockout before its time.</summary>
    public async Task<bool> UnlockAsync(string accountId)
    {
        if (await accounts.FindByIdAsync(accountId) is not { } account)
            return false;

        Check(await accounts.SetLockoutEndDateAsync(account, null));
        Check(await accounts.ResetAccessFailedCountAsync(account));
        return true;
    }

    private static void Check(IdentityResult result)
    {
        if (!result.Succeeded)
            throw new InvalidOperationException($"The account could not be changed: {string.Join(", ", result.Errors.Select(error => error.Code))}");
    }

    [LoggerMessage(1701, LogLevel.Warning, "Account {AccountId} was suspended.")]
    private static partial void LogSuspended(ILogger log, string accountId);

    [LoggerMessage(1702, LogLevel.Warning, "Account {AccountId} was resumed.")]
    private static partial void LogResumed(ILogger log, string accountId);
}
