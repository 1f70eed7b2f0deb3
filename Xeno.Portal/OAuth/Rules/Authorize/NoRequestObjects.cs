using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Xeno.Portal.OAuth.Rules.Authorize;

/// <summary>Request objects (<c>request</c>, <c>request_uri</c>, RFC 9101) are not supported.</summary>
internal sealed class NoRequestObjects : AuthorizationRule
{
    protected override Refusal? Judge(OpenIddictRequest request, AuthorizationRequestFacts facts)
        => request.Request is null && request.RequestUri is null ? null : new(Errors.InvalidRequest, OAuthErrors.RequestObjectsNotTaken);
}
