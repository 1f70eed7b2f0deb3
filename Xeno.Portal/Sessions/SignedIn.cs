using System.Security.Claims;

namespace Xeno.Portal.Sessions;

/// <summary>
/// Reads the signed-in account and its session from the principal. Pages and endpoints pass them to services as arguments.
/// </summary>
public static class SignedIn
{
    /// <summary>The claim with the id of the session (<c>sid</c>, as in OpenID Connect).</summary>
    internal const string SessionClaim = "sid";

    /// <summary>The id of the signed-in account; null when no one is signed in.</summary>
    public static string? AccountId(this ClaimsPrincipal principal)
        => principal.Identity?.IsAuthenticated == true ? principal.FindFirstValue(ClaimTypes.NameIdentifier) : null;

    /// <summary>The signed-in account, and the session in which it acts; null when no one is signed in.</summary>
    public static Actor? Actor(this ClaimsPrincipal principal)
        => principal.AccountId() is { } accountId && principal.FindFirstValue(SessionClaim) is { } sessionId
            ? new Actor(accountId, sessionId)
            : null;
}

/// <summary>The account that acts, and the session in which it does.</summary>
public sealed record Actor(string AccountId, string SessionId);
