using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Net.Http.Headers;
using MudBlazor.Services;
using Xeno.Portal.Lifecycle;

namespace Xeno.Portal.Shell;

/// <summary>Registers what every page shares with the host: the document, the layouts, the static files.</summary>
public static class ShellFeature
{
    /// <summary>Addresses for programs, whose "not found" is not a page.</summary>
    private static readonly PathString[] s_forPrograms = [PortalUrls.EveryApi, PortalUrls.OAuth, PortalUrls.WellKnown];

    public static IHostApplicationBuilder AddShell(this IHostApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents().AddInteractiveServerComponents()
            .AddHubOptions(hub => hub.MaximumReceiveMessageSize = TypedText.LongestMessage);
        builder.Services.AddMudServices();
        builder.Services.AddScoped(typeof(Fresh<>));
        builder.Services.AddSingleton<PortalAssets>();
        builder.Services.AddWarmPage(PortalUrls.Home).AddWarmPage(PortalUrls.Docs).AddWarmPage("/portal.css");
        builder.Services.AddCascadingAuthenticationState();
        return builder;
    }

    /// <summary>
    /// Draws the page "Not found" for requests of browsers, and finds the files that other builds have named. Before routing, which would
    /// not know these names.
    /// </summary>
    public static IApplicationBuilder UseShell(this IApplicationBuilder app) => app.UseMiddleware<FilesOfAnyBuild>().UseWhen(
        context => !PortalUrls.IsBelow(context.Request.Path, s_forPrograms),
        browsers => browsers
            .UseStatusCodePagesWithReExecute(PortalUrls.NotFound, createScopeForStatusCodePages: true).Use(DrawPageByGetAsync));

    /// <summary>Draws the page as if by GET: for a POST it would check the form's antiforgery token, and answer 400.</summary>
    private static async Task DrawPageByGetAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IStatusCodeReExecuteFeature>() is null)
        {
            await next(context);
            return;
        }

        var method = context.Request.Method;
        context.Request.Method = HttpMethods.Get;
        await next(context);
        context.Request.Method = method;
    }

    /// <summary>Draws the page of a form again that was not taken. After antiforgery, whose judgement it reads.</summary>
    public static IApplicationBuilder UseLostForms(this IApplicationBuilder app) => app.UseMiddleware<LostForms>();

    public static IEndpointRouteBuilder MapShell(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/theme.{version}.css", (HttpContext context, PortalAssets assets) =>
        {
            var isCurrent = context.Request.Path == assets.Theme.Url;
            context.Response.Headers.CacheControl = isCurrent ? "public, max-age=31536000, immutable" : "no-cache";
            context.Response.Headers.Vary = HeaderNames.AcceptEncoding;
            var isCompressed = context.Request.GetTypedHeaders().AcceptEncoding
                .Any(encoding => encoding.Value == "br" && encoding.Quality is not 0);
            if (isCompressed)
                context.Response.Headers.ContentEncoding = "br";
            return Results.Bytes(isCompressed ? assets.Theme.Compressed : assets.Theme.Content, "text/css; charset=utf-8");
        }).DisableHttpMetrics();

        routes.MapStaticAssets().DisableHttpMetrics(); // The metrics would have a route for each file.
        routes.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        return routes;
    }
}
