using Xeno.Portal.Data;
using Xeno.Portal.Data.Apps;
using Xeno.Portal.Data.OAuth;

namespace Xeno.Portal.OAuth;

/// <summary>Wires the authorization server into the host.</summary>
public static class OAuthFeature
{
    public static IHostApplicationBuilder AddOAuth(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOpenIddict().AddCore(core =>
        {
            core.UseEntityFrameworkCore().UseDbContext<PortalDbContext>()
                .ReplaceDefaultEntities<RegisteredApp, AuthorizationGrant, ScopeRecord, IssuedToken, string>();
            core.ReplaceApplicationManager<RegisteredApp, ClientManager>();
        });
        return builder;
    }

    public static IEndpointRouteBuilder MapOAuth(this IEndpointRouteBuilder routes) => routes;
}
