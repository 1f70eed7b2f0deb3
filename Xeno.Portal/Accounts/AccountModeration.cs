using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Xeno.Portal.Data;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Data.History;
using Xeno.Portal.Data.OAuth;
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
    public async Task<bool> SuspendAsync(string accountId, string? operatorId = null)
    {
        if (await accounts.FindByIdAsync(accountId) is not { } account)
            return false;

        if (account.SuspendedAt is null)
        {
            account.SuspendedAt = time.GetUtcNow();
            database.History.Add(Entry(HistoryKinds.AccountSuspended, accountId, operatorId));
        }

        Check(await accounts.UpdateSecurityStampAsync(account)); // Ends its sessions. Saves the account, and the entry with it.
        await NotifyAsync(accountId);
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
            database.History.Add(Entry(HistoryKinds.AccountResumed, accountId, operatorId));
        }

        Check(await accounts.UpdateAsync(account));
        await NotifyAsync(accountId);
        LogResumed(log, accountId);
        return true;
    }

    /// <summary>Ends a lockout before its time.</summary>
    /// <inheritdoc cref="SuspendAsync" path="/param" />
    public async Task<bool> UnlockAsync(string accountId, string? operatorId = null)
    {
        if (await accounts.FindByIdAsync(accountId) is not { } account)
            return false;

        await lockout.EndAsync(account, Entry(HistoryKinds.AccountUnlocked, accountId, operatorId));
        return true;
    }

    /// <summary>The account's own page of installed apps, and the pages of accounts that installed an app of its.</summary>
    private async Task NotifyAsync(string accountId)
    {
        installs.Publish(accountId);
        var others = await database.Tokens.Where(token => token.Application!.OwnerId == accountId).Granted()
            .Select(token => token.Subject!).Distinct().ToListAsync();
        others.ForEach(installs.Publish);
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

    [LoggerMessage(1701, LogLevel.Warning, "Account {AccountId} was suspended.")]
    private static partial void LogSuspended(ILogger log, string accountId);

    [LoggerMessage(1702, LogLevel.Warning, "Account {AccountId} was resumed.")]
    private static partial void LogResumed(ILogger log, string accountId);
}
