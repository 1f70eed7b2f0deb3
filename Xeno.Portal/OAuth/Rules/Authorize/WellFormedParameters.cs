using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Xeno.Portal.OAuth.Rules.Authorize;

/// <summary>
/// RFC 6749 §3.1: a parameter that was sent twice, is too long, is not UTF-8 or holds control characters is <c>invalid_request</c>. Those
/// of client and redirect URI were judged before; now the app can be answered.
/// </summary>
internal sealed class WellFormedParameters : AuthorizationRule
{
    protected override Refusal? Judge(OpenIddictRequest request, AuthorizationRequestFacts facts)
        => facts.Parameters.FirstFlaw is { } flaw ? new(Errors.InvalidRequest, flaw) : null;
}
