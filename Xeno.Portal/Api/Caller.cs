using System.Security.Claims;
using Xeno.Portal.Scopes;

namespace Xeno.Portal.Api;

/// <summary>Who is calling: the account the token speaks for, the app it was issued to, and what it opens. A handler's parameter.</summary>
public sealed record Caller(string AccountId, string ClientId, ScopeSet Scopes)
{
    private const string ClientIdClaim = "client_id";
    private const string ScopeClaim = "scope";

    /// <summary>Bound by the framework from the authenticated request.</summary>
    public static ValueTask<Caller> BindAsync(HttpContext context) => ValueTask.FromResult(From(context.User));

    internal static Caller From(ClaimsPrincipal user) => new(
        user.FindFirstValue(ClaimTypes.NameIdentifier)!, user.FindFirstValue(ClientIdClaim)!, ScopeSet.FromStored(user.FindFirstValue(ScopeClaim)));

    internal ClaimsPrincipal ToPrincipal(string scheme) => new(new ClaimsIdentity(
        [new(ClaimTypes.NameIdentifier, AccountId), new(ClientIdClaim, ClientId), new(ScopeClaim, Scopes.ToString())], scheme));
}
