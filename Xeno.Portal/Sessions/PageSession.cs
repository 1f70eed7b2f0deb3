using Microsoft.AspNetCore.Components.Authorization;

namespace Xeno.Portal.Sessions;

/// <summary>
/// The session of an open interactive page. The page outlives the request that checked its cookie, so its session is looked at again
/// before each act.
/// </summary>
public sealed class PageSession(AuthenticationStateProvider authentication, AccountSessions sessions)
{
    /// <summary>Returns while the session of the page is live, and its account is not suspended. Asks the database.</summary>
    /// <exception cref="SessionEndedException">It is not live any more.</exception>
    public async Task EnsureLiveAsync()
    {
        var user = (await authentication.GetAuthenticationStateAsync()).User;
        if (user.Actor() is not { } actor || await sessions.FindAsync(actor.SessionId) is not { } session
            || session.AccountId != actor.AccountId)
            throw new SessionEndedException();
    }
}
