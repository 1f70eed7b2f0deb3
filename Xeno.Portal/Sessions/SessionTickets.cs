using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.Options;
using Xeno.Portal.Data.Sessions;

namespace Xeno.Portal.Sessions;

/// <summary>
/// Sessions as the framework's cookie handler uses them: the cookie holds a key, and all that is known of the session is in the database.
/// So a session that ended is refused on the next request, on every node.
/// </summary>
internal sealed class SessionTickets(
    SessionLedger ledger, SessionClock clock, SessionChanges changes, SessionUse use, IOptions<IdentityOptions> identity) : ITicketStore
{
    private const int KeyBytes = 32;

    private static readonly string s_scheme = IdentityConstants.ApplicationScheme;

    /// <summary>
    /// The session of a request, or null. With what the account allows an app, where <see cref="HeldScopesQuery"/> asked for it.
    /// </summary>
    public async Task<AuthenticationTicket?> RetrieveAsync(string key, HttpContext httpContext, CancellationToken cancellationToken)
    {
        var metadata = httpContext.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<SignsInAttribute>() is not null)
        {
            httpContext.Features.Set(new ReplacedSession(key));
            return null;
        }

        // A file is the same for everybody.
        if (metadata?.GetMetadata<StaticAssetDescriptor>() is not null)
            return null;

        // The error page must not use the database, whose failure may be the error.
        if (httpContext.Features.Get<LiveSession>() is not { } session)
        {
            if (httpContext.Features.Get<IExceptionHandlerFeature>() is not null || await FindAsync(key, httpContext) is not { } found)
                return null;
            httpContext.Features.Set(session = found);
            use.Note(session);
        }

        return new AuthenticationTicket(PrincipalOf(session), PropertiesOf(session), s_scheme);
    }

    /// <summary>Whether somebody is signed in who opened a page that signs in (<see cref="SignsInAttribute"/>).</summary>
    public async Task<bool> IsSignedInAsync(HttpContext context)
        => context.Features.Get<ReplacedSession>() is { } browsers && await FindAsync(browsers.Key, context) is not null;

    /// <summary>Starts a session, with a new key. The one that the browser had before ends in the same transaction.</summary>
    public async Task<string> StoreAsync(AuthenticationTicket ticket, HttpContext httpContext, CancellationToken cancellationToken)
    {
        var key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));
        var session = new NewSession(
            Guid.CreateVersion7().ToString("N"), key, ticket.Principal.FindFirstValue(ClaimTypes.NameIdentifier)!,
            ticket.Principal.FindFirstValue(identity.Value.ClaimsIdentity.SecurityStampClaimType)!, ticket.Properties.ExpiresUtc!.Value,
            ticket.Properties.IsPersistent, DeviceName.Of(httpContext.Request));
        var replaced = httpContext.Features.Get<ReplacedSession>()?.Key;

        // Not started when the account was suspended at this moment: the key then opens nothing, and the next page asks to log in.
        var started = await ledger.StartAsync(session, replaced, clock.Now().Now);
        changes.Publish(session.AccountId);
        if (started.ReplacedAccountId is { } other && other != session.AccountId)
            changes.Publish(other); // Somebody else signed in on this browser.
        return key;
    }

    /// <summary>The browser gets its cookie again, after half of its time.</summary>
    public Task RenewAsync(string key, AuthenticationTicket ticket, HttpContext httpContext, CancellationToken cancellationToken)
        => ledger.RenewAsync(key, clock.Now().Now, ticket.Properties.ExpiresUtc!.Value);

    /// <summary>Log-out.</summary>
    public async Task RemoveAsync(string key, HttpContext httpContext, CancellationToken cancellationToken)
    {
        httpContext.Features.Set<LiveSession>(null);
        if (await ledger.EndByKeyAsync(key, clock.Now().Now) is { } accountId)
            changes.Publish(accountId);
    }

    Task<string> ITicketStore.StoreAsync(AuthenticationTicket ticket) => throw NotCalled();

    Task ITicketStore.RenewAsync(string key, AuthenticationTicket ticket) => throw NotCalled();

    Task<AuthenticationTicket?> ITicketStore.RetrieveAsync(string key) => throw NotCalled();

    Task ITicketStore.RemoveAsync(string key) => throw NotCalled();

    private ValueTask<LiveSession?> FindAsync(string key, HttpContext context)
    {
        var (now, oldest) = clock.Now();
        return context.Features.Get<HeldScopesQuery>() is { } question
            ? ledger.FindAsync(key, now, oldest, question)
            : ledger.FindAsync(key, now, oldest);
    }

    private static ClaimsPrincipal PrincipalOf(LiveSession session) => new(new ClaimsIdentity(
        [
            new(ClaimTypes.NameIdentifier, session.AccountId), new(ClaimTypes.Name, session.UserName),
            new(SignedIn.SessionClaim, session.Id),
        ],
        s_scheme));

    private static AuthenticationProperties PropertiesOf(LiveSession session) => new()
    {
        IsPersistent = session.IsPersistent, IssuedUtc = session.RenewedAt, ExpiresUtc = session.EndsAt, AllowRefresh = true,
    };

    private static NotSupportedException NotCalled() => new("The cookie handler calls the methods that take the request.");

    /// <summary>The key of the session that the browser had when it opened a page that signs in.</summary>
    private sealed record ReplacedSession(string Key);
}

/// <summary>
/// Marks a page that signs somebody in. It is drawn and posted as if nobody were signed in, and the session that the browser had ends when
/// the new one starts: the cookie handler would go on with the old key, which somebody else may know (session fixation).
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SignsInAttribute : Attribute;
