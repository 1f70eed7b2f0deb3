using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using Xeno.Portal.Data;
using Xeno.Portal.Data.Apps;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Lifecycle;
using Xeno.Portal.Limits;
using Xeno.Portal.OAuth.Rules;
using Xeno.Portal.Scopes;
using Xeno.Portal.Telemetry;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Xeno.Portal.OAuth;

/// <summary>Adds the authorization server to the host: its endpoints, lifetimes and engine settings.</summary>
public static class OAuthFeature
{
    public static IHostApplicationBuilder AddOAuth(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<OAuthOptions>().BindConfiguration(OAuthOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<TokenRows>();
        services.AddSingleton<ConsentService>();
        services.AddSingleton<ConsentTicket>();
        services.AddSingleton<LoginAgain>();
        services.AddSingleton<TokenLimit>();
        services.AddRateLimits<OAuthRateLimits>(nameof(OAuthRateLimits.Authorization), nameof(OAuthRateLimits.Code),
            nameof(OAuthRateLimits.ProtocolRequest), nameof(OAuthRateLimits.ProtocolRequestOfApp));
        services.CountFromZero(OAuthMetrics.AddZero);
        services.AddSingleton<IPrunableRows, EndedGrants>().AddSingleton<IPrunableRows, NeverUsedCodes>()
            .AddSingleton<IPrunableRows, UsedCodes>();
        services.AddSingleton<IRequestObserver, OAuthMetrics>();

        services.AddOpenIddict()
            .AddCore(core =>
            {
                core.UseEntityFrameworkCore().UseDbContext<PortalDbContext>()
                    .ReplaceDefaultEntities<RegisteredApp, AuthorizationGrant, ScopeRecord, IssuedToken, string>();
                core.ReplaceApplicationManager<RegisteredApp, ClientManager>();
                core.ReplaceApplicationStore<RegisteredApp, ClientStore>();

                // ClientStore keeps what it read for one request. The engine's cache keeps it no longer, and costs more than it saves.
                core.DisableEntityCaching();
            })
            .AddServer(server =>
            {
                server.SetAuthorizationEndpointUris(PortalUrls.Authorize[1..])
                    .SetTokenEndpointUris(PortalUrls.Token[1..])
                    .SetRevocationEndpointUris(PortalUrls.Revoke[1..])
                    .SetIntrospectionEndpointUris(PortalUrls.Introspect[1..])
                    .SetConfigurationEndpointUris(PortalUrls.ServerMetadata[1..])
                    .SetJsonWebKeySetEndpointUris(Array.Empty<string>());

                // One flow, PKCE by S256 alone, tokens that do not expire.
                server.AllowAuthorizationCodeFlow().SetAccessTokenLifetime(null);

                // No permissions by app: which data an app may use is decided by the account, by scope.
                server.IgnoreEndpointPermissions().IgnoreGrantTypePermissions().IgnoreResponseTypePermissions().IgnoreScopePermissions();

                // KnownScopes checks them; the engine would look in its table of scopes, which is empty.
                server.DisableScopeValidation();

                server.AddRules();
                server.UseAspNetCore()
                    .EnableAuthorizationEndpointPassthrough()
                    .EnableErrorPassthrough()
                    .SuppressJsonResponseIndentation()
                    // PlainHttpGuard requires HTTPS for the whole host, and knows loopback and proxies.
                    .DisableTransportSecurityRequirement();

                AddUnusedKeys(server);
            });

        services.AddSingleton<RulePlans>();
        services.Replace(ServiceDescriptor.Scoped<IOpenIddictServerDispatcher, RuleDispatcher>());

        services.AddOptions<OpenIddictServerOptions>().Configure<IOptions<OAuthOptions>>((server, oauth) =>
        {
            server.AuthorizationCodeLifetime = oauth.Value.AuthorizationCodeLifetime;
            server.Scopes.Clear();
            server.Scopes.UnionWith(ScopeCatalog.All.Select(scope => scope.Name));
            server.CodeChallengeMethods.Clear();
            server.CodeChallengeMethods.Add(CodeChallengeMethods.Sha256);
            server.PromptValues.Clear();
            server.PromptValues.UnionWith(Prompts.Known);
        });
        return builder;
    }

    /// <summary>Must come before authentication, which is where the engine answers protocol requests.</summary>
    public static IApplicationBuilder UseOAuth(this IApplicationBuilder app) => app.UseMiddleware<ProtocolEndpointGuard>();

    public static IEndpointRouteBuilder MapOAuth(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods(PortalUrls.Authorize, [HttpMethods.Get, HttpMethods.Post], AuthorizationEndpoint.HandleAsync)
            .DisableAntiforgery(); // The endpoint checks it itself, and explains a failure to the person.
        return routes;
    }

    /// <summary>
    /// The engine does not start without an encryption key and a signing key. Nothing is encrypted or signed with them, because codes and
    /// tokens are random values with rows. So new ones are made at each start, and never stored.
    /// </summary>
    private static void AddUnusedKeys(OpenIddictServerBuilder server)
    {
        server.AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)));
        server.AddSigningKey(new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)));
    }
}
