using Xeno.Portal.OAuth.Rules.Shared;
using static OpenIddict.Server.AspNetCore.OpenIddictServerAspNetCoreHandlers;
using static OpenIddict.Server.OpenIddictServerHandlers.Introspection;
using Apply = OpenIddict.Server.OpenIddictServerEvents.ApplyIntrospectionResponseContext;
using Extract = OpenIddict.Server.OpenIddictServerEvents.ExtractIntrospectionRequestContext;
using Validate = OpenIddict.Server.OpenIddictServerEvents.ValidateIntrospectionRequestContext;

namespace Xeno.Portal.OAuth.Rules.Introspect;

/// <summary>POST /oauth/introspect (RFC 7662): its rules, in the order in which a request meets them.</summary>
internal static class IntrospectRules
{
    public static void Add(OpenIddictServerBuilder server)
    {
        // Method and the limit by address: ProtocolEndpointGuard.
        // Reading.
        server.Step<Extract>()
            .Rule<StrictFormRequest<Extract>>(insteadOf: ExtractGetOrPostRequest<Extract>.Descriptor)
            .Rule<OneClientAuthentication<Extract>>(insteadOf: ExtractBasicAuthenticationCredentials<Extract>.Descriptor)
            .Rule<RequiredToken<Extract>>()
            .Rule<WrongSecretLimit<Extract>>();

        // Client, secret and token. The engine's ValidateAuthentication checks the client and its secret (and that it has one:
        // IntrospectWithSecretOnly), then Shared/ReadCodeOrTokenRow finds the token (Shared/SharedRules).
        server.Step<Validate>()
            .Engine(ValidateAuthentication.Descriptor)
            .Rule<ClientRateLimit<Validate>>()
            .Rule<IntrospectOwnTokensOnly>();

        // Answering. NormalizeErrorResponse turns invalid_token into {"active": false} of RFC 7662 §2.2.
        server.Step<Apply>()
            .Without(AttachWwwAuthenticateHeader<Apply>.Descriptor) // It repeats the whole error; ErrorExplanation names the scheme.
            .Engine(NormalizeErrorResponse.Descriptor)
            .Rule<WrongSecretCount<Apply>>()
            .Rule<ErrorExplanation<Apply>>()
            .Rule<IntrospectionAnswer>()
            .Engine(AttachHttpResponseCode<Apply>.Descriptor)
            .Rule<RefusalStatus<Apply>>()
            .EngineAdded(AttachCacheControlHeader<Apply>.Descriptor); // no-store: the engine does it for the other endpoints only.
    }
}
