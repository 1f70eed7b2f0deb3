using OpenIddict.Abstractions;
using Xeno.Portal.Scopes;
using static OpenIddict.Abstractions.OpenIddictConstants;
using OpenIdScopes = OpenIddict.Abstractions.OpenIddictConstants.Scopes;

namespace Xeno.Portal.OAuth.Rules.Authorize;

/// <summary>
/// RFC 6749 §3.3: <c>scope</c> is required, and each scope must be known; missing, empty or unknown is <c>invalid_scope</c>.
/// <c>offline_access</c> is dropped, because every token lasts. From here on the request has canonical names: <c>brands</c> has become
/// <c>widgets</c>.
/// </summary>
internal sealed class KnownScopes : AuthorizationRule
{
    private static readonly string[] s_ofOpenIdConnect = [OpenIdScopes.OpenId, OpenIdScopes.Profile, OpenIdScopes.Email];

    protected override Refusal? Judge(OpenIddictRequest request, AuthorizationRequestFacts facts)
    {
        var scopes = ScopeSet.Parse(request.Scope, out var notKnown);
        string[] unknown = [.. notKnown.Except([OpenIdScopes.OfflineAccess], StringComparer.Ordinal)];
        if (unknown.Length > 0)
            return Refused(Words(request.Scope!, unknown), string.Join(' ', unknown));
        if (scopes.Count == 0)
            return Refused(notKnown.Count > 0 ? OAuthErrors.OfflineAccessAlone : OAuthErrors.MissingScope);

        request.Scope = scopes.ToString();
        return null;
    }

    private static Refusal Refused(string description, string? got = null)
        => new(Errors.InvalidScope, description, Expected: ScopeCatalog.Names, Got: got);

    private static string Words(string sent, string[] unknown)
    {
        if (unknown.Intersect(s_ofOpenIdConnect, StringComparer.Ordinal).Any())
            return OAuthErrors.NoOpenIdConnect;

        string[] names = [.. sent.ToLowerInvariant().Split([' ', ',', '+', ';'], StringSplitOptions.RemoveEmptyEntries)];
        return names.Length > 0 && names.All(name => ScopeCatalog.Find(name) is not null || name == OpenIdScopes.OfflineAccess)
            ? OAuthErrors.ScopeSpelling(string.Join(' ', names.Distinct(StringComparer.Ordinal)))
            : OAuthErrors.UnknownScope(unknown);
    }
}
