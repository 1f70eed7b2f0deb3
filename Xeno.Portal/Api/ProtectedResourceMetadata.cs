using Xeno.Portal.Scopes;

namespace Xeno.Portal.Api;

/// <summary>
/// GET /.well-known/oauth-protected-resource, also with the path of the API behind it (RFC 9728 §3): where a client without a token gets
/// one.
/// </summary>
/// <param name="Resource">What the document is about: the address whose well-known form was asked for (RFC 9728 §3.3).</param>
public sealed record ProtectedResourceMetadata(
    string Resource, IReadOnlyList<string> AuthorizationServers, IReadOnlyList<string> ScopesSupported,
    IReadOnlyList<string> BearerMethodsSupported, string ResourceName, string ResourceDocumentation)
{
    internal static ProtectedResourceMetadata For(string origin, string path) => new(
        origin + path, [origin], [.. ScopeCatalog.All.Select(scope => scope.Name)], ["header"], "Xeno API", origin + PortalUrls.Docs);
}
