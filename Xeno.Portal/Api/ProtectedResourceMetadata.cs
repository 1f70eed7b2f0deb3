using Xeno.Portal.Scopes;

namespace Xeno.Portal.Api;

/// <summary>GET /.well-known/oauth-protected-resource (RFC 9728): what a client that was refused needs to know to come back with a token.</summary>
/// <param name="Resource">The portal's origin: the document stands at its root.</param>
public sealed record ProtectedResourceMetadata(
    string Resource, IReadOnlyList<string> AuthorizationServers, IReadOnlyList<string> ScopesSupported, IReadOnlyList<string> BearerMethodsSupported,
    string ResourceName, string ResourceDocumentation)
{
    internal static ProtectedResourceMetadata For(string origin) => new(
        origin, [origin], [.. ScopeCatalog.All.Select(scope => scope.Name)], ["header"], "Xeno API", origin + PortalUrls.Docs);
}
