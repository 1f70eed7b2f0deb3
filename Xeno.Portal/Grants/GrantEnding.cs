using Xeno.Portal.Data.History;
using Xeno.Portal.Data.OAuth;

namespace Xeno.Portal.Grants;

/// <summary>
/// Ends grants; nothing else does: one token, one grant, an app on an account, an app on all accounts, an account. The change is saved,
/// together with its history entry, before the method returns, so the app's next request is refused on every node. Open pages are notified
/// afterwards.
/// </summary>
public sealed class GrantEnding(GrantLedger ledger, InstallChanges changes, GrantSweep sweep, TimeProvider time)
{
    /// <summary>The account revokes one of its tokens. Null: it has no such token.</summary>
    public async Task<EndedGrant?> EndTokenAsync(string accountId, string tokenId)
        => Ended(await ledger.EndTokenAsync(accountId, tokenId, By(HistoryActor.Account)), accountId, "account");

    /// <summary>
    /// The account uninstalls an app: its tokens end, and codes that were not exchanged yet. False: there was nothing to end.
    /// </summary>
    public async Task<bool> UninstallAsync(string accountId, string clientId)
    {
        var ended = await ledger.EndAppOnAccountAsync(accountId, clientId, By(HistoryActor.Account));
        if (ended == 0)
            return false;

        GrantMetrics.Ended(ended, "account");
        changes.Publish(accountId);
        return true;
    }

    /// <summary>The app revokes a token of its own (RFC 7009 §2.1): the token ends with its grant.</summary>
    public async Task RevokeAsAppAsync(TokenEntry token)
        => Ended(await ledger.EndGrantAsync(token, By(HistoryActor.App)), token.AccountId, "app");

    /// <summary>A code was used a second time: the token that it gave ends (RFC 6749 §4.1.2).</summary>
    public async Task RevokeAfterReplayAsync(TokenEntry code)
    {
        var ending = new Ending(HistoryActor.Portal, time.GetUtcNow(), "the code was used a second time", IsReplay: true);
        Ended(await ledger.EndGrantAsync(code, ending), code.AccountId, "replay");
    }

    /// <summary>
    /// All tokens of an app end, on every account, and codes that were not exchanged yet. One change to the app's row ends them all; their
    /// own rows are updated afterwards, a few at a time. False: there is no such app.
    /// </summary>
    /// <param name="accountId">The account that does it. The caller has checked that it may.</param>
    public async Task<bool> RevokeAllOfAppAsync(string clientId, string accountId)
        => await SweepAsync(await ledger.EndAppAsync(clientId, accountId, By(HistoryActor.Account)));

    /// <summary>
    /// An app is deleted: no query finds it any more, and its tokens end on every account. Its rows are removed afterwards, a few at a
    /// time. False: it was changed since <paramref name="version"/> was read, or was deleted before.
    /// </summary>
    /// <inheritdoc cref="RevokeAllOfAppAsync" path="/param" />
    public async Task<bool> DeleteAppAsync(string clientId, string accountId, string? version)
        => await SweepAsync(await ledger.DeleteAppAsync(clientId, accountId, version, By(HistoryActor.Account)));

    /// <summary>
    /// Deletes an account that has no apps any more, with its grants, tokens and resources. History entries that are kept lose its id.
    /// False: there is no such account.
    /// </summary>
    public async Task<bool> DeleteAccountAsync(string accountId)
    {
        var ending = new Ending(HistoryActor.Portal, time.GetUtcNow(), "the account was deleted");
        if (!await ledger.DeleteAccountAsync(accountId, ending))
            return false;
        changes.Publish(accountId);
        return true;
    }

    /// <summary>
    /// Waits until all rows of deleted apps are removed. Without it the foreign keys of an account would remove the rows of its apps in one
    /// long transaction.
    /// </summary>
    public Task FinishAsync(CancellationToken cancellationToken) => sweep.SweepAllAsync(cancellationToken);

    private EndedGrant? Ended(EndedGrant? grant, string accountId, string by)
    {
        if (grant is null)
            return null;
        GrantMetrics.Ended(1, by);
        changes.Publish(accountId);
        return grant;
    }

    private async Task<bool> SweepAsync(string? appId)
    {
        if (appId is null)
            return false;
        await sweep.BeginAsync(appId);
        return true;
    }

    private Ending By(HistoryActor actor) => new(actor, time.GetUtcNow());
}
