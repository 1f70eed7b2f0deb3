using Xeno.Portal.Data.Sessions;

namespace Xeno.Portal.Sessions;

/// <summary>
/// The sessions of an account: lists them, and ends them. An ended session is refused on the next request, on every node, and its open
/// pages lead to the log-in page.
/// </summary>
public sealed class AccountSessions(SessionLedger ledger, SessionClock clock, SessionChanges changes, SessionUse use)
{
    /// <summary>The account's live sessions, the newest first.</summary>
    public ValueTask<IReadOnlyList<LiveSession>> ListForAsync(string accountId)
    {
        var (now, oldest) = clock.Now();
        return ledger.ListOfAsync(accountId, now, oldest);
    }

    /// <summary>The session of that id while it is live; null afterwards.</summary>
    public async ValueTask<LiveSession?> FindAsync(string sessionId)
    {
        var (now, oldest) = clock.Now();
        var session = await ledger.FindByIdAsync(sessionId, now, oldest);
        if (session is not null)
            use.Note(session);
        return session;
    }

    /// <summary>Ends one session. False: the account has no such session.</summary>
    public async Task<bool> EndAsync(string accountId, string sessionId)
    {
        if (!await ledger.EndAsync(accountId, sessionId, clock.Now().Now))
            return false;
        changes.Publish(accountId);
        return true;
    }

    /// <summary>
    /// Keeps the session live in which the password was just changed. The change itself ended all sessions of the account.
    /// </summary>
    /// <param name="oldStamp">The account's security stamp before the change.</param>
    public Task KeepAsync(Actor actor, string oldStamp)
        => ledger.KeepAsync(actor.AccountId, actor.SessionId, oldStamp, clock.Now().Now);

    /// <summary>Ends all sessions of the account but the one that acts; gives how many there were.</summary>
    public async Task<int> EndOthersAsync(Actor actor)
    {
        var ended = await ledger.EndOthersAsync(actor.AccountId, actor.SessionId, clock.Now().Now);
        if (ended > 0)
            changes.Publish(actor.AccountId);
        return ended;
    }
}
