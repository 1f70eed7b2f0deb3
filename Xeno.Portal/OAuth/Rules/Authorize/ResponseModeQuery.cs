using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Xeno.Portal.OAuth.Rules.Authorize;

/// <summary>The answer goes to the redirect URI's query; another <c>response_mode</c> is refused.</summary>
internal sealed class ResponseModeQuery : AuthorizationRule
{
    protected override Refusal? Judge(OpenIddictRequest request, AuthorizationRequestFacts facts)
        => request.ResponseMode is null or ResponseModes.Query
            ? null
            : new(Errors.InvalidRequest, OAuthErrors.UnsupportedResponseMode(request.ResponseMode),
                Expected: ResponseModes.Query, Got: request.ResponseMode);
}
