using Xeno.Portal.Scopes;

namespace Xeno.Portal.Api;

/// <summary>
/// The scope that an endpoint needs, as metadata of the endpoint: the check reads it, the refusal names it (RFC 6750 §3.1), and a
/// description of the API can list it.
/// </summary>
internal sealed record RequiredScope(Scope Scope);

internal static class RequiredScopes
{
    /// <summary>Lets in only tokens that have <paramref name="scope"/>.</summary>
    public static RouteGroupBuilder RequireScope(this RouteGroupBuilder group, Scope scope) => group.WithMetadata(new RequiredScope(scope));
}
