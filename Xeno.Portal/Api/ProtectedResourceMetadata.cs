using Xeno.Portal.Scopes;

namespace Xeno.Portal.Api;

/// <summary>GET /.well-known/oauth-protected-resource (RFC 9728): where a client without a token gets one.</summary>
/// <param name="Resource">The portal's origin, because the document is at its root.</param>
public sealed record ProtectedResourceMetadata(
    string Resource, IReadOnlyList<string> AuthorizationServers, IReadOnlyList<string> ScopesSupported,
    IReadOnlyList<string> BearerMethodsSupported, string ResourceName, string ResourceDocumentation)
{
    internal static ProtectedResourceMetadata For(string origin) => new(
        origin, [origin], [.. ScopeCatalog.All.Select(scope => scope.Name)], ["header"], "Xeno API", origin + PortalUrls.Docs);
}
