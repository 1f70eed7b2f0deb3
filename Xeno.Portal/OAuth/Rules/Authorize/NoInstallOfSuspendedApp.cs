using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Xeno.Portal.OAuth.Rules.Authorize;

/// <summary>A suspended app cannot be installed until it is resumed (RFC 6749 §4.1.2.1, <c>unauthorized_client</c>).</summary>
internal sealed class NoInstallOfSuspendedApp : AuthorizationRule
{
    protected override Refusal? Judge(OpenIddictRequest request, AuthorizationRequestFacts facts)
        => facts.App!.SuspendedAt is null ? null : new(Errors.UnauthorizedClient, OAuthErrors.AppSuspended);
}
