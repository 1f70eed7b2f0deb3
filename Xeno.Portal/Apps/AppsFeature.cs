namespace Xeno.Portal.Apps;

/// <summary>Registers this folder with the host: a developer's registered apps.</summary>
public static class AppsFeature
{
    public static IHostApplicationBuilder AddApps(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<AppsOptions>().BindConfiguration(AppsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddScoped<AppRegistry>().AddScoped<AppModeration>();
        builder.Services.AddScoped<FreshSecrets>();
        builder.Services.AddSingleton<ClientSecretVault>();
        return builder;
    }

    /// <summary>Must come after authentication: it needs the signed-in account.</summary>
    public static IApplicationBuilder UseApps(this IApplicationBuilder app) => app.UseMiddleware<OwnAppsOnly>();

    public static IEndpointRouteBuilder MapApps(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(PortalUrls.AddRedirectUriTemplate, AddRedirectUriEndpoint.HandleAsync).RequireAuthorization()
            .DisableAntiforgery(); // The endpoint checks it itself, so that it can explain a failure in plain words.
        return routes;
    }
}
