using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenIddict.Server;
using static OpenIddict.Server.AspNetCore.OpenIddictServerAspNetCoreHandlers;
using static OpenIddict.Server.OpenIddictServerEvents;
using static OpenIddict.Server.OpenIddictServerHandlers;
using Exchange = OpenIddict.Server.OpenIddictServerHandlers.Exchange;
using Introspection = OpenIddict.Server.OpenIddictServerHandlers.Introspection;
using Revocation = OpenIddict.Server.OpenIddictServerHandlers.Revocation;

namespace Xeno.Portal.OAuth.Rules;

/// <summary>
/// The rules of DESIGN.md that the engine does not keep by itself, in the order in which a request meets them. Each takes its place from a
/// neighbour of the engine's own list: a bare number near the end of that list silently does nothing.
/// </summary>
internal static class OAuthRules
{
    public static void AddRules(this OpenIddictServerBuilder server)
    {
        Authorize(server);
        Token(server);
        Revoke(server);
        Introspect(server);
        CodesAndTokens(server);

        // After the engine has drawn up its list: the answer is written right behind.
        server.Add<ApplyConfigurationResponseContext, MetadataTellsTheTruth>(
            AttachHttpResponseCode<ApplyConfigurationResponseContext>.Descriptor.Order + 1);
    }

    private static void Authorize(OpenIddictServerBuilder server)
    {
        var read = ExtractGetOrPostRequest<ExtractAuthorizationRequestContext>.Descriptor;
        server.RemoveEventHandler(read);

        // Client and redirect URI are judged before all else; what fails behind them goes back to the app.
        server.Add<ExtractAuthorizationRequestContext, AuthorizationRequestsAreReadStrictly>(read.Order);
        server.Add<ExtractAuthorizationRequestContext, ClientAndRedirectUriComeFirst>(read.Order + 1);
        server.Add<ExtractAuthorizationRequestContext, OtherFlawsAreToldToTheApp>(read.Order + 2);
        server.Add<ExtractAuthorizationRequestContext, SuspendedAppsAreNotInstalled>(read.Order + 3);
        server.Add<ExtractAuthorizationRequestContext, ResponseTypeDefaultsToCode>(read.Order + 4);
        server.Add<ExtractAuthorizationRequestContext, UnsupportedExtensionsAreRefused>(read.Order + 5);
        server.Add<ExtractAuthorizationRequestContext, ScopesAreKnownAndTranslated>(read.Order + 6);
        server.Add<ExtractAuthorizationRequestContext, PkceIsS256>(read.Order + 7);
        server.Add<ExtractAuthorizationRequestContext, PromptsAreKnown>(read.Order + 8);

        // The answer: after the engine has set state, mode and issuer its own way, before it writes anything.
        var write = AttachHttpResponseCode<ApplyAuthorizationResponseContext>.Descriptor;
        server.Add<ApplyAuthorizationResponseContext, ErrorsAreExplained<ApplyAuthorizationResponseContext>>(write.Order - 2);
        server.Add<ApplyAuthorizationResponseContext, AnswersGoToTheTrustedRedirectUri>(write.Order - 1);
    }

    private static void Token(OpenIddictServerBuilder server)
    {
        ReadStrictly<ExtractTokenRequestContext>(server, ExtractPostRequest<ExtractTokenRequestContext>.Descriptor);
        server.Add<ExtractTokenRequestContext, GrantTypeDefaultsToAuthorizationCode>(
            ExtractBasicAuthenticationCredentials<ExtractTokenRequestContext>.Descriptor.Order + 1);

        // The client is certain by then. The engine's own three checks of the code's binding come to the same, with fewer words.
        var authenticated = Exchange.ValidateAuthentication.Descriptor.Order;
        server.RemoveEventHandler(Exchange.ValidateAuthorizedParty.Descriptor);
        server.RemoveEventHandler(Exchange.ValidateRedirectUri.Descriptor);
        server.RemoveEventHandler(Exchange.ValidateCodeVerifier.Descriptor);
        server.Add<ValidateTokenRequestContext, AppsAskInMeasure<ValidateTokenRequestContext>>(authenticated + 1);
        server.Add<ValidateTokenRequestContext, SuspendedAppsGetNoTokens>(authenticated + 2);
        server.Add<ValidateTokenRequestContext, CodesAreBoundToTheirRequest>(authenticated + 3);
        server.Add<ValidateTokenRequestContext, CodesWorkOnce>(authenticated + 4);

        ExplainErrors<ApplyTokenResponseContext>(server);
    }

    private static void Revoke(OpenIddictServerBuilder server)
    {
        ReadStrictly<ExtractRevocationRequestContext>(server, ExtractPostRequest<ExtractRevocationRequestContext>.Descriptor);
        server.Add<ExtractRevocationRequestContext, TheTokenIsNamed<ExtractRevocationRequestContext>>(
            ExtractBasicAuthenticationCredentials<ExtractRevocationRequestContext>.Descriptor.Order + 1);
        server.Add<ValidateRevocationRequestContext, AppsAskInMeasure<ValidateRevocationRequestContext>>(Revocation.ValidateAuthentication.Descriptor.Order + 1);
        server.Add<ValidateRevocationRequestContext, AppsRevokeTheirOwnTokensOnly>(Revocation.ValidateAuthentication.Descriptor.Order + 2);

        server.RemoveEventHandler(Revocation.RevokeToken.Descriptor);
        server.Add<HandleRevocationRequestContext, RevocationEndsTheGrant>(Revocation.RevokeToken.Descriptor.Order);

        ExplainErrors<ApplyRevocationResponseContext>(server);
    }

    private static void Introspect(OpenIddictServerBuilder server)
    {
        ReadStrictly<ExtractIntrospectionRequestContext>(server, ExtractGetOrPostRequest<ExtractIntrospectionRequestContext>.Descriptor);
        server.Add<ExtractIntrospectionRequestContext, TheTokenIsNamed<ExtractIntrospectionRequestContext>>(
            ExtractBasicAuthenticationCredentials<ExtractIntrospectionRequestContext>.Descriptor.Order + 1);
        server.Add<ValidateIntrospectionRequestContext, AppsAskInMeasure<ValidateIntrospectionRequestContext>>(Introspection.ValidateAuthentication.Descriptor.Order + 1);
        server.Add<ValidateIntrospectionRequestContext, AppsIntrospectTheirOwnTokensOnly>(Introspection.ValidateAuthentication.Descriptor.Order + 2);
        server.Add<ApplyIntrospectionResponseContext, IntrospectionTellsTheWholeToken>(
            AttachHttpResponseCode<ApplyIntrospectionResponseContext>.Descriptor.Order - 1);
        server.AddEventHandler(AttachCacheControlHeader<ApplyIntrospectionResponseContext>.Descriptor);

        ExplainErrors<ApplyIntrospectionResponseContext>(server);
    }

    private static void CodesAndTokens(OpenIddictServerBuilder server)
    {
        // Reading: our rows instead of payloads, keys and the engine's view of an entry (which revokes on a retry and for strangers).
        foreach (var descriptor in (OpenIddictServerHandlerDescriptor[])
                 [
                     Protection.ResolveTokenValidationParameters.Descriptor, Protection.ValidateReferenceTokenIdentifier.Descriptor,
                     Protection.ValidateIdentityModelToken.Descriptor, Protection.NormalizeScopeClaims.Descriptor,
                     Protection.MapInternalClaims.Descriptor, Protection.RestoreTokenEntryProperties.Descriptor,
                     Protection.ValidateTokenEntry.Descriptor, Protection.ValidateAuthorizationEntry.Descriptor,
                 ])
            server.RemoveEventHandler(descriptor);
        server.Add<ValidateTokenContext, TokensAreReadFromRows>(Protection.ValidateReferenceTokenIdentifier.Descriptor.Order);

        // Writing: a grant with its code in one transaction, a code's end with its token in one transaction.
        foreach (var descriptor in (OpenIddictServerHandlerDescriptor[])
                 [
                     RedeemTokenEntry.Descriptor, AttachAuthorization.Descriptor,
                     Protection.AttachSecurityCredentials.Descriptor, Protection.CreateTokenEntry.Descriptor,
                     Protection.AttachTokenSubject.Descriptor, Protection.AttachTokenMetadata.Descriptor,
                     Protection.GenerateIdentityModelToken.Descriptor, Protection.AttachTokenPayload.Descriptor,
                 ])
            server.RemoveEventHandler(descriptor);
        server.Add<GenerateTokenContext, TokensAreIssuedAsRows>(Protection.CreateTokenEntry.Descriptor.Order);
    }

    private static void ReadStrictly<TContext>(OpenIddictServerBuilder server, OpenIddictServerHandlerDescriptor engineReader)
        where TContext : BaseValidatingContext
    {
        var basic = ExtractBasicAuthenticationCredentials<TContext>.Descriptor;
        server.RemoveEventHandler(engineReader);
        server.RemoveEventHandler(basic);
        server.Add<TContext, FormRequestsAreReadStrictly<TContext>>(engineReader.Order);
        server.Add<TContext, ClientsAuthenticateOneWay<TContext>>(basic.Order);
        server.Add<TContext, SecretsAreNotGuessed<TContext>>(basic.Order + 2);
    }

    private static void ExplainErrors<TContext>(OpenIddictServerBuilder server) where TContext : BaseRequestContext
    {
        var status = AttachHttpResponseCode<TContext>.Descriptor;
        // The engine's own challenge header repeats the whole error; ours names the scheme.
        server.RemoveEventHandler(AttachWwwAuthenticateHeader<TContext>.Descriptor);
        server.Add<TContext, WrongSecretsAreCounted<TContext>>(status.Order - 3);
        server.Add<TContext, ErrorsAreExplained<TContext>>(status.Order - 2);
        server.Add<TContext, StatusTellsWhatWasWrong<TContext>>(status.Order + 1);
    }

    private static void Add<TContext, TRule>(this OpenIddictServerBuilder server, int order)
        where TContext : BaseContext
        where TRule : class, IOpenIddictServerHandler<TContext>
    {
        server.Services.TryAddScoped<TRule>();
        server.AddEventHandler<TContext>(rule => rule.UseScopedHandler<TRule>().SetOrder(order));
    }
}
