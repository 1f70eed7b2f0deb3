using Xeno.Portal.Data.History;
using Xeno.Portal.Data.OAuth;

namespace Xeno.Portal.Grants;

/// <summary>
/// The one way in which grants end: one token, one grant, an app on an account, an app everywhere, an account. Each end is on disk, with
/// its entry in the history, before it is answered, so it holds on the app's next request, on every node. Open pages learn of it
/// afterwards.
/// </summary>
public sealed class GrantEnding(GrantLedger ledger, InstallChanges changes, GrantSweep sweep, TimeProvider time)
{
    // For the person who finds that the app is gone.
    private const string ReplayReason = "its code was sent a second time, later than a retry, and may have been stolen";

    /// <summary>The account revokes one of its tokens. False: it has no such token.</summary>
    public async Task<bool> RevokeAsAccountAsync(string accountId, string tokenId)
        => Ended(await ledger.EndTokenAsync(accountId, tokenId, By(HistoryActor.Account)), accountId, "account");

    /// <summary>The account uninstalls an app: its tokens end, and codes that wait. False: there was nothing to end.</summary>
    public async Task<bool> UninstallAsync(string accountId, string clientId)
    {
        var ended = await ledger.EndAppOnAccountAsync(accountId, clientId, By(HistoryActor.Account));
        if (ended == 0)
            return false;

        GrantMetrics.Ended(ended, "account");
        changes.Publish(accountId);
        return true;
    }

    /// <summary>The app revokes a token of its own (RFC 7009 §2.1): the token ends with its grant. False: it was ended already.</summary>
    public async Task<bool> RevokeAsAppAsync(TokenEntry token)
        => Ended(await ledger.EndGrantAsync(token, By(HistoryActor.App)), token.AccountId, "app");

    /// <summary>A code was used a second time: the token that it gave ends (RFC 6749 §4.1.2). False: it was ended already.</summary>
    public async Task<bool> RevokeAfterReplayAsync(TokenEntry code)
    {
        var ending = new Ending(HistoryActor.Portal, time.GetUtcNow(), ReplayReason, IsReplay: true);
        return Ended(await ledger.EndGrantAsync(code, ending), code.AccountId, "replay");
    }

    /// <summary>
    /// All tokens of an app end, on every account, with the codes that wait. The mark that ends them is one row; the tokens' own rows
    /// follow a few at a time. False: there is no such app.
    /// </summary>
    /// <param name="accountId">The account that wants it, whose right to it the caller has checked.</param>
    /// <param name="sessionId">The session in which it wants it; null: in none.</param>
    public async Task<bool> RevokeAllOfAppAsync(string clientId, string accountId, string? sessionId)
        => await FollowAsync(await ledger.EndAppAsync(clientId, accountId, By(HistoryActor.Account, sessionId)));

    /// <summary>
    /// An app is deleted: nothing finds it any more, and its tokens end on every account. Its rows follow a few at a time. False: it was
    /// changed since <paramref name="version"/> was read, or it is gone.
    /// </summary>
    /// <inheritdoc cref="RevokeAllOfAppAsync" path="/param" />
    public async Task<bool> DeleteAppAsync(string clientId, string accountId, string? version, string? sessionId)
        => await FollowAsync(await ledger.DeleteAppAsync(clientId, accountId, version, By(HistoryActor.Account, sessionId)));

    /// <summary>
    /// Deletes an account that has no apps any more: its grants, tokens and resources go with it, and the history forgets it. The rows of
    /// its deleted apps are waited for first, because a foreign key would remove them in one long transaction.
    /// </summary>
    public async Task<AccountEnd> DeleteAccountAsync(string accountId, CancellationToken cancellationToken)
    {
        await sweep.FinishAppsOfAsync(accountId, cancellationToken);
        var end = await ledger.DeleteAccountAsync(accountId, new Ending(HistoryActor.Portal, time.GetUtcNow(), "the account was deleted"));
        if (end is AccountEnd.Deleted)
            changes.Publish(accountId);
        return end;
    }

    private bool Ended(bool isEnded, string accountId, string by)
    {
        if (!isEnded)
            return false;
        GrantMetrics.Ended(1, by);
        changes.Publish(accountId);
        return true;
    }

    private async Task<bool> FollowAsync(string? appId)
    {
        if (appId is null)
            return false;
        await sweep.BeginAsync(appId);
        return true;
    }

    private Ending By(HistoryActor actor, string? sessionId = null) => new(actor, time.GetUtcNow(), SessionId: sessionId);
}
