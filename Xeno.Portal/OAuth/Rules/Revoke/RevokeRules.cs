using Xeno.Portal.OAuth.Rules.Shared;
using static OpenIddict.Server.AspNetCore.OpenIddictServerAspNetCoreHandlers;
using static OpenIddict.Server.OpenIddictServerHandlers.Revocation;
using Apply = OpenIddict.Server.OpenIddictServerEvents.ApplyRevocationResponseContext;
using Extract = OpenIddict.Server.OpenIddictServerEvents.ExtractRevocationRequestContext;
using Handle = OpenIddict.Server.OpenIddictServerEvents.HandleRevocationRequestContext;
using Validate = OpenIddict.Server.OpenIddictServerEvents.ValidateRevocationRequestContext;

namespace Xeno.Portal.OAuth.Rules.Revoke;

/// <summary>POST /oauth/revoke (RFC 7009): its rules, in the order in which a request meets them.</summary>
internal static class RevokeRules
{
    public static void Add(OpenIddictServerBuilder server)
    {
        // Method, CORS and the limit by address: ProtocolEndpointGuard.
        // Reading.
        server.Step<Extract>()
            .Rule<StrictFormRequest<Extract>>(insteadOf: ExtractPostRequest<Extract>.Descriptor)
            .Rule<OneClientAuthentication<Extract>>(insteadOf: ExtractBasicAuthenticationCredentials<Extract>.Descriptor)
            .Rule<RequiredToken<Extract>>()
            .Rule<WrongSecretLimit<Extract>>();

        // Client, secret and token. The engine's ValidateAuthentication checks the client and its secret, then Shared/ReadCodeOrTokenRow
        // finds the token (Shared/SharedRules).
        server.Step<Validate>()
            .Engine(ValidateAuthentication.Descriptor)
            .Rule<ClientRateLimit<Validate>>()
            .Rule<RevokeOwnTokensOnly>();

        server.Step<Handle>()
            .Rule<RevocationEndsGrant>(insteadOf: RevokeToken.Descriptor);

        // Answering. NormalizeErrorResponse turns invalid_token into the empty 200 of RFC 7009 §2.2.
        server.Step<Apply>()
            .Without(AttachWwwAuthenticateHeader<Apply>.Descriptor) // It repeats the whole error; ErrorExplanation names the scheme.
            .Engine(NormalizeErrorResponse.Descriptor)
            .Rule<WrongSecretCount<Apply>>()
            .Rule<ErrorExplanation<Apply>>()
            .Engine(AttachHttpResponseCode<Apply>.Descriptor)
            .Rule<RefusalStatus<Apply>>();
    }
}
