using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Xeno.Portal.Data;

namespace Xeno.Portal.Sessions;

/// <summary>
/// Who is signed in on an open interactive page. When the session ends, the page is signed out at once: on this node by the notice itself,
/// on another one as soon as the notice gets there, and without any notice within half a minute (a session also ends by time). While the
/// database does not answer, nothing can be done on the page either, so it stays as it is.
/// </summary>
internal sealed class PageSessionState : RevalidatingServerAuthenticationStateProvider
{
    private static readonly AuthenticationState s_signedOut = new(new());

    private readonly AccountSessions _sessions;
    private readonly SessionChanges _changes;
    private IDisposable? _subscription;

    public PageSessionState(ILoggerFactory loggers, AccountSessions sessions, SessionChanges changes) : base(loggers)
    {
        (_sessions, _changes) = (sessions, changes);
        AuthenticationStateChanged += Follow;
    }

    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState state, CancellationToken cancellationToken)
    {
        try
        {
            return state.User.Actor() is { } actor && await _sessions.FindAsync(actor.SessionId) is not null;
        }
        catch (Exception exception) when (DatabaseTrouble.IsBehind(exception))
        {
            return true;
        }
    }

    protected override void Dispose(bool disposing)
    {
        _subscription?.Dispose();
        base.Dispose(disposing);
    }

    // Called when the circuit starts, with the principal of its request.
    private async void Follow(Task<AuthenticationState> next)
    {
        _subscription?.Dispose();
        var state = await next;
        _subscription = state.User.AccountId() is { } accountId ? _changes.Subscribe(accountId, () => _ = LookAsync(state)) : null;
    }

    private async Task LookAsync(AuthenticationState state)
    {
        await Task.Yield(); // The notice does not wait for it.
        if (!await ValidateAuthenticationStateAsync(state, CancellationToken.None))
            SetAuthenticationState(Task.FromResult(s_signedOut));
    }
}
