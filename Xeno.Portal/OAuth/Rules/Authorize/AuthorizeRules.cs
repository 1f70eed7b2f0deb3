using Xeno.Portal.OAuth.Rules.Shared;
using static OpenIddict.Server.AspNetCore.OpenIddictServerAspNetCoreHandlers;
using static OpenIddict.Server.OpenIddictServerHandlers.Authentication;
using Apply = OpenIddict.Server.OpenIddictServerEvents.ApplyAuthorizationResponseContext;
using Extract = OpenIddict.Server.OpenIddictServerEvents.ExtractAuthorizationRequestContext;

namespace Xeno.Portal.OAuth.Rules.Authorize;

/// <summary>GET and POST /oauth/authorize (RFC 6749 §4.1.1): its rules, in the order in which a request meets them.</summary>
internal static class AuthorizeRules
{
    public static void Add(OpenIddictServerBuilder server)
    {
        // Method, no effect of a prefetch, and the limit by address: ProtocolEndpointGuard.
        // Reading. Client and redirect URI are judged first; what is wrong after them goes back to the app.
        server.Step<Extract>()
            .Rule<StrictAuthorizationRequest>(insteadOf: ExtractGetOrPostRequest<Extract>.Descriptor)
            .Rule<ClientAndRedirectUriFirst>()
            .Rule<WellFormedParameters>()
            .Rule<NoInstallOfSuspendedApp>()
            .Rule<ResponseTypeCode>()
            .Rule<ResponseModeQuery>()
            .Rule<NoRequestObjects>()
            .Rule<KnownScopes>()
            .Rule<PkceS256>()
            .Rule<PromptNoneAlone>();

        // The engine's own checks: they find nothing that the rules above let through.
        // Log-in, consent, Allow and Cancel: AuthorizationEndpoint. The code: Shared/IssueCodeOrTokenRow.

        // Answering: with a code or an error, to the redirect URI. Where there is none to trust, AuthorizationEndpoint draws the error
        // page.
        server.Step<Apply>()
            .Engine(AttachRedirectUri.Descriptor, InferResponseMode.Descriptor, AttachResponseState.Descriptor, AttachIssuer.Descriptor)
            .Rule<ErrorExplanation<Apply>>()
            .Rule<AnswerToRedirectUri>();
    }
}
