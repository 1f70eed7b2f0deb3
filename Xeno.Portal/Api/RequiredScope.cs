using Xeno.Portal.Scopes;

namespace Xeno.Portal.Api;

/// <summary>The scope an endpoint needs, on the endpoint itself, so that the refusal can name it (RFC 6750 §3.1).</summary>
internal sealed record RequiredScope(Scope Scope);

internal static class RequiredScopes
{
    /// <summary>Lets only tokens in that have <paramref name="scope"/>.</summary>
    public static RouteGroupBuilder RequireScope(this RouteGroupBuilder group, Scope scope) => group.WithMetadata(new RequiredScope(scope));
}
