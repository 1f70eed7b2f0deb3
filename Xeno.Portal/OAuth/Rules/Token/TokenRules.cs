using Xeno.Portal.OAuth.Rules.Shared;
using static OpenIddict.Server.AspNetCore.OpenIddictServerAspNetCoreHandlers;
using static OpenIddict.Server.OpenIddictServerHandlers.Exchange;
using Apply = OpenIddict.Server.OpenIddictServerEvents.ApplyTokenResponseContext;
using Extract = OpenIddict.Server.OpenIddictServerEvents.ExtractTokenRequestContext;
using Validate = OpenIddict.Server.OpenIddictServerEvents.ValidateTokenRequestContext;

namespace Xeno.Portal.OAuth.Rules.Token;

/// <summary>POST /oauth/token (RFC 6749 §4.1.3): its rules, in the order in which a request meets them.</summary>
internal static class TokenRules
{
    public static void Add(OpenIddictServerBuilder server)
    {
        // Method, CORS and the limit by address: ProtocolEndpointGuard.
        // Reading.
        server.Step<Extract>()
            .Rule<StrictFormRequest<Extract>>(insteadOf: ExtractPostRequest<Extract>.Descriptor)
            .Rule<OneClientAuthentication<Extract>>(insteadOf: ExtractBasicAuthenticationCredentials<Extract>.Descriptor)
            .Rule<GrantTypeAuthorizationCode>()
            .Rule<RequiredCode>()
            .Rule<WrongSecretLimit<Extract>>();

        // Client, secret and code. The engine's ValidateAuthentication checks the client and its secret, then Shared/ReadCodeOrTokenRow
        // finds the code (Shared/SharedRules). The engine's own three checks of what a code is bound to say less than CodeBoundToRequest.
        server.Step<Validate>()
            .Engine(ValidateAuthentication.Descriptor)
            .Rule<ClientRateLimit<Validate>>()
            .Rule<NoTokenForSuspendedApp>()
            .Rule<CodeBoundToRequest>()
            .Rule<SingleUseCode>()
            .Without(ValidateAuthorizedParty.Descriptor, ValidateRedirectUri.Descriptor, ValidateCodeVerifier.Descriptor);

        // The access token: Shared/IssueCodeOrTokenRow.

        // Answering.
        server.Step<Apply>()
            .Without(AttachWwwAuthenticateHeader<Apply>.Descriptor) // It repeats the whole error; ErrorExplanation names the scheme.
            .Engine(NormalizeErrorResponse.Descriptor)
            .Rule<WrongSecretCount<Apply>>()
            .Rule<ErrorExplanation<Apply>>()
            .Engine(AttachHttpResponseCode<Apply>.Descriptor)
            .Rule<RefusalStatus<Apply>>();
    }
}
