using OpenIddict.Abstractions;
using Xeno.Portal.Scopes;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Xeno.Portal.OAuth.Rules.Authorize;

/// <summary>
/// RFC 6749 §3.3: <c>scope</c> is required, and each scope must be known; missing, empty or unknown is <c>invalid_scope</c>. From here on
/// the request has canonical names: <c>brands</c> has become <c>widgets</c>.
/// </summary>
internal sealed class KnownScopes : AuthorizationRule
{
    protected override Refusal? Judge(OpenIddictRequest request, AuthorizationRequestFacts facts)
    {
        var scopes = ScopeSet.Parse(request.Scope, out var unknown);
        if (unknown.Count > 0)
            return new(Errors.InvalidScope, OAuthErrors.UnknownScope(unknown),
                Expected: ScopeCatalog.Names, Got: string.Join(' ', unknown));
        if (scopes.Count == 0)
            return new(Errors.InvalidScope, OAuthErrors.MissingScope, Expected: ScopeCatalog.Names);

        request.Scope = scopes.ToString();
        return null;
    }
}
