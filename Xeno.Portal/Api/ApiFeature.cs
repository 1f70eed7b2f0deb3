using Xeno.Portal.Api.Contacts;
using Xeno.Portal.Api.Conversations;
using Xeno.Portal.Api.Faqs;
using Xeno.Portal.Api.Me;
using Xeno.Portal.Api.Widgets;
using Xeno.Portal.Http;
using Xeno.Portal.Limits;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Api;

/// <summary>Wires the API into the host: the endpoints that an access token opens.</summary>
public static class ApiFeature
{
    private static readonly PathString s_api = PortalUrls.EveryApi;

    public static IHostApplicationBuilder AddApi(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<BearerTokens>();
        services.AddSingleton<TokenUse>().AddHostedService(provider => provider.GetRequiredService<TokenUse>());
        services.AddSingleton<IRequestObserver>(provider => provider.GetRequiredService<TokenUse>());
        services.AddSingleton<IRequestObserver, ApiMetrics>().CountFromZero(ApiMetrics.AddZero);
        services.AddRateLimits<ApiRateLimits>(nameof(ApiRateLimits.ApiCall), nameof(ApiRateLimits.RefusedApiCall));
        services.AddScoped<WidgetService>().AddScoped<FaqService>().AddScoped<ContactService>().AddScoped<ConversationService>();
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        return builder;
    }

    /// <summary>
    /// Answers every request below <c>/api</c> in a branch of its own, without the middleware that only pages and browsers need.
    /// </summary>
    public static IApplicationBuilder UseApi(this IApplicationBuilder app) => app.MapWhen(
        context => context.Request.Path.StartsWithSegments(s_api),
        api =>
        {
            api.Use(async (context, next) =>
            {
                context.Response.Headers.CacheControl = "no-store";
                await next(context);
                if (context.Response is { StatusCode: >= 400, HasStarted: false })
                    await ApiProblems.OfStatusAsync(context);
            });
            api.UseRouting();
            api.UseMiddleware<BearerCheck>();
            api.UseEndpoints(MapMethods);
        });

    /// <summary>What the host answers about the API outside of it.</summary>
    public static IEndpointRouteBuilder MapApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(PortalUrls.ApiMetadata, (HttpContext context, PublicOrigin origin) =>
            Answer.Of(ProtectedResourceMetadata.For(origin.For(context.Request), PortalUrls.Api)));
        routes.MapGet(PortalUrls.OriginMetadata, (HttpContext context, PublicOrigin origin) =>
            Answer.Of(ProtectedResourceMetadata.For(origin.For(context.Request), path: "")));
        return routes;
    }

    /// <summary>True where the endpoint is one that a token opens.</summary>
    internal static bool IsApiCall(RequestFacts facts) => facts.Endpoint?.StartsWith(PortalUrls.Api, StringComparison.Ordinal) == true;

    private static void MapMethods(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup(PortalUrls.Api)
            .DisableAntiforgery();
        ApiEndpoint.MarkAll(api);
        api.MapMe();
        api.MapWidgets();
        api.MapFaqs();
        api.MapContacts();
        api.MapConversations();
    }
}
