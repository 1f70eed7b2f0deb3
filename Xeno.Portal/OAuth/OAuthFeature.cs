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

/// <summary>Wires the authorization server into the host; read as its data sheet.</summary>
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
        services.AddRateLimits<OAuthRateLimits>(nameof(OAuthRateLimits.Authorization), nameof(OAuthRateLimits.Code),
            nameof(OAuthRateLimits.ProtocolRequest), nameof(OAuthRateLimits.ProtocolRequestOfApp));
        services.CountFromZero(OAuthMetrics.AddZero);
        services.AddSingleton<IPrunableRows, EndedGrants>().AddSingleton<IPrunableRows, NeverUsedCodes>();

        services.AddOpenIddict()
            .AddCore(core =>
            {
                core.UseEntityFrameworkCore().UseDbContext<PortalDbContext>()
                    .ReplaceDefaultEntities<RegisteredApp, AuthorizationGrant, ScopeRecord, IssuedToken, string>();
                core.ReplaceApplicationManager<RegisteredApp, ClientManager>();
                core.ReplaceApplicationStore<RegisteredApp, ClientStore>();

                // The store remembers for the length of a request; the engine's cache costs more than it saves and remembers for no longer.
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

                // Every app may do all of this; what an app may reach is the account's decision, by scope.
                server.IgnoreEndpointPermissions().IgnoreGrantTypePermissions().IgnoreResponseTypePermissions().IgnoreScopePermissions();

                // Our own rule knows the scopes; the engine would open its store of them, which is empty.
                server.DisableScopeValidation();

                server.AddRules();
                server.UseAspNetCore()
                    .EnableAuthorizationEndpointPassthrough()
                    .EnableErrorPassthrough()
                    .SuppressJsonResponseIndentation()
                    // PlainHttpGuard keeps this rule for the whole host, loopback and proxies included.
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
        });
        return builder;
    }

    /// <summary>Goes before authentication, which is where the engine answers protocol requests.</summary>
    public static IApplicationBuilder UseOAuth(this IApplicationBuilder app) => app.UseMiddleware<ProtocolEndpointGuard>();

    public static IEndpointRouteBuilder MapOAuth(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods(PortalUrls.Authorize, [HttpMethods.Get, HttpMethods.Post], AuthorizationEndpoint.HandleAsync)
            .DisableAntiforgery(); // Checked by the endpoint itself, which can say in plain words what went wrong.
        return routes;
    }

    /// <summary>
    /// The engine will not start without an encryption and a signing key. Nothing is encrypted or signed with them: codes and tokens are
    /// random values whose meaning is in their rows. So they are made anew at each start, cheaply, and never kept.
    /// </summary>
    private static void AddUnusedKeys(OpenIddictServerBuilder server)
    {
        server.AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)));
        server.AddSigningKey(new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)));
    }
}
