using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Xeno.Portal.Data.Apps;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Data.Sessions;

namespace Xeno.Portal.OAuth;

/// <summary>
/// Whether an account has as many tokens of an app as it may have (<see cref="OAuthOptions.TokensPerAppAndAccount"/>). To count thousands
/// of rows with each request would cost more than the rest of the request. So after a count a tenth of what is still allowed passes without
/// another one: close to the limit every request counts, and ten nodes that all do so do not pass it. Codes that wait for their exchange
/// are not counted.
/// </summary>
internal sealed class TokenLimit(TokenLedger ledger, IOptions<OAuthOptions> options)
{
    /// <summary>The statement that finds the session counts so many at most. Few accounts have more.</summary>
    private const int CountedWithSession = 100;

    private const int MostRemembered = 10_000;

    // Local cache: how many requests of an account for an app pass before the next count. Cleared at 10,000 entries.
    private readonly ConcurrentDictionary<(string AccountId, string AppId), int> _uncounted = new();

    /// <summary>How far the statement that finds the session has to count.</summary>
    public int MostWithSession => Math.Min(CountedWithSession, options.Value.TokensPerAppAndAccount);

    /// <summary>True: the account must not get a further token of the app.</summary>
    public async ValueTask<bool> IsReachedAsync(LiveSession session, RegisteredApp app)
    {
        var most = options.Value.TokensPerAppAndAccount;
        if (session.Held!.Tokens < MostWithSession)
            return false;
        if (most <= CountedWithSession)
            return true;

        var key = (session.AccountId, app.Id!);
        if (_uncounted.TryGetValue(key, out var left) && left > 0)
        {
            // Two requests that meet here may take the same one; the next count makes it good.
            _uncounted[key] = left - 1;
            return false;
        }

        var count = await ledger.CountGrantedAsync(session.AccountId, app.Id!, app.TokenGeneration, most);
        if (_uncounted.Count >= MostRemembered)
            _uncounted.Clear();
        _uncounted[key] = (most - count) / 10;
        return count >= most;
    }
}
