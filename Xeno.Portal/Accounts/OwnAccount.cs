using Microsoft.AspNetCore.Identity;
using Xeno.Portal.Data;
using Xeno.Portal.Data.History;
using Xeno.Portal.Sessions;
using Xeno.Portal.Text;

namespace Xeno.Portal.Accounts;

/// <summary>What people change of their own account. Each change and its history entry are saved together.</summary>
internal sealed class OwnAccount(
    AccountManager accounts, PortalDbContext database, StepUp stepUp, AccountSessions sessions, TimeProvider time)
{
    /// <summary>The display name; null when there is none, or no such account.</summary>
    public async Task<string?> DisplayNameAsync(Actor actor) => (await accounts.FindByIdAsync(actor.AccountId))?.DisplayName;

    /// <summary>
    /// Saves the name that apps and consent pages show. An empty one removes it. Gives what is wrong with it; null: it was saved.
    /// </summary>
    public async Task<string?> SaveDisplayNameAsync(Actor actor, string? typed, string? device)
    {
        var name = typed?.Trim() is { Length: > 0 } written ? written : null;
        if (name is not null && ShownName.ProblemOf(name) is { } problem)
            return problem;
        if (await accounts.FindByIdAsync(actor.AccountId) is not { } account)
            throw new SessionEndedException();
        if (name == account.DisplayName)
            return null;

        account.DisplayName = name;
        database.History.Add(Entry(HistoryKinds.AccountEdited, actor, device));
        var saved = await accounts.UpdateAsync(account);
        return saved.Succeeded ? null : "The account was changed elsewhere at this moment. Save again.";
    }

    /// <summary>
    /// Changes the password. All other sessions of the account end, on every node, and no device is known any more; the session that acts
    /// goes on. Gives what is wrong; empty: it was changed.
    /// </summary>
    /// <exception cref="Limits.TooBusyException">The processors are busy with other passwords. Nothing was changed.</exception>
    public async Task<IReadOnlyList<IdentityError>> ChangePasswordAsync(Actor actor, string current, string next, string? device)
    {
        if (!await stepUp.ProveAsync(actor, current))
        {
            if (await stepUp.ProveAsync(actor, next))
                return []; // The button was pressed twice, and the first press changed it.
            return [new IdentityError { Code = nameof(IdentityErrorDescriber.PasswordMismatch), Description = StepUp.Refusal }];
        }

        if (await accounts.FindByIdAsync(actor.AccountId) is not { } account)
            throw new SessionEndedException();

        var oldStamp = account.SecurityStamp!;
        database.History.Add(Entry(HistoryKinds.PasswordChanged, actor, device));
        var changed = await accounts.SetPasswordAsync(account, next);
        if (!changed.Succeeded)
        {
            database.ChangeTracker.Clear(); // The entry of a change that was refused must not be saved with something else.
            return [.. changed.Errors];
        }

        await sessions.KeepAsync(actor, oldStamp);
        return [];
    }

    private HistoryEntry Entry(HistoryKind kind, Actor actor, string? device) => new()
    {
        At = time.GetUtcNow(), Kind = kind.Name, AccountId = actor.AccountId, Actor = HistoryActor.Account, SessionId = actor.SessionId,
        Device = device,
    };
}
