using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Xeno.Portal.OAuth.Rules.Authorize;

/// <summary>
/// <c>response_type</c> left out means <c>code</c>, because the customer's page does not name it. Anything but <c>code</c> is
/// <c>unsupported_response_type</c> (RFC 6749 §3.1.1).
/// </summary>
internal sealed class ResponseTypeCode : AuthorizationRule
{
    protected override Refusal? Judge(OpenIddictRequest request, AuthorizationRequestFacts facts)
    {
        request.ResponseType ??= ResponseTypes.Code;
        return request.ResponseType == ResponseTypes.Code
            ? null
            : new(Errors.UnsupportedResponseType, OAuthErrors.UnsupportedResponseType(request.ResponseType),
                Expected: ResponseTypes.Code, Got: request.ResponseType);
    }
}
