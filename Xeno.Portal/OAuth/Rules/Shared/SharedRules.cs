using Xeno.Portal.OAuth.Rules.Introspect;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;
using static OpenIddict.Server.OpenIddictServerHandlers.Protection;

namespace Xeno.Portal.OAuth.Rules.Shared;

/// <summary>
/// The steps that the engine runs in the middle of several endpoints: who the client is, what a code or token is, and the making of both.
/// Codes and access tokens are rows (decision 0006), so the engine's handlers for payloads, keys and its own token entries are taken out.
/// </summary>
internal static class SharedRules
{
    public static void Add(OpenIddictServerBuilder server)
    {
        // The client, at every endpoint: the engine checks that it exists, then its secret (ClientManager compares).
        server.Step<ProcessAuthenticationContext>()
            .Engine(ValidateClientId.Descriptor)
            .Rule<KnownClient>()
            .Rule<IntrospectWithSecretOnly>()
            .Engine(ValidateClientType.Descriptor, ValidateClientSecret.Descriptor);

        // The code at token, the token at revoke and introspect. The engine's view of a row would revoke on a retry too.
        server.Step<ValidateTokenContext>()
            .Rule<ReadCodeOrTokenRow>(insteadOf: ValidateReferenceTokenIdentifier.Descriptor)
            .Without(
                ResolveTokenValidationParameters.Descriptor, ValidateIdentityModelToken.Descriptor, NormalizeScopeClaims.Descriptor,
                MapInternalClaims.Descriptor, RestoreTokenEntryProperties.Descriptor, ValidateTokenEntry.Descriptor,
                ValidateAuthorizationEntry.Descriptor);

        // The grant with its code at authorize, the end of the code with its token at token: each in one transaction.
        server.Step<ProcessSignInContext>()
            .Without(RedeemTokenEntry.Descriptor, AttachAuthorization.Descriptor);
        server.Step<GenerateTokenContext>()
            .Rule<IssueCodeOrTokenRow>(insteadOf: CreateTokenEntry.Descriptor)
            .Without(
                AttachSecurityCredentials.Descriptor, AttachTokenSubject.Descriptor, AttachTokenMetadata.Descriptor,
                GenerateIdentityModelToken.Descriptor, AttachTokenPayload.Descriptor);
    }
}
