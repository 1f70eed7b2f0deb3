
namespace Xeno.Portal.Apps;

/// <summary>Wires the folder into the host: a developer's registered apps.</summary>
public static class AppsFeature
{
    public static IHostApplicationBuilder AddApps(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<AppsOptions>().BindConfiguration(AppsOptions.Section);
        builder.Services.AddScoped<AppRegistry>().AddScoped<AppModeration>();
        builder.Services.AddScoped<FreshSecrets>();
        builder.Services.AddSingleton<ClientSecretVault>();
        return builder;
    }

    /// <summary>Goes after authorization: it has to know who asks.</summary>
    public static IApplicationBuilder UseApps(this IApplicationBuilder app) => app.UseMiddleware<OwnAppsOnly>();

    public static IEndpointRouteBuilder MapApps(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(PortalUrls.AddRedirectUriTemplate, AddRedirectUriEndpoint.HandleAsync).RequireAuthorization()
            .DisableAntiforgery(); // Checked by the endpoint itself, which can say in plain words what went wrong.
        return routes;
    }
}
