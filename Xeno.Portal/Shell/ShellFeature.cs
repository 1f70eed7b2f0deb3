using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Net.Http.Headers;
using MudBlazor.Services;
using Xeno.Portal.Lifecycle;

namespace Xeno.Portal.Shell;

/// <summary>Wires the frame round every page into the host.</summary>
public static class ShellFeature
{
    /// <summary>Where programs talk: what is not found there is told to them in their own way, not by a page.</summary>
    private static readonly PathString[] s_forPrograms = ["/api", "/oauth", "/.well-known"];

    public static IHostApplicationBuilder AddShell(this IHostApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddMudServices();
        builder.Services.AddSingleton(typeof(Fresh<>));
        builder.Services.AddSingleton<PortalAssets>();
        builder.Services.AddWarmPage(PortalUrls.Home).AddWarmPage(PortalUrls.Docs).AddWarmPage("/portal.css");
        builder.Services.AddSingleton(provider => new WarmPage(provider.GetRequiredService<PortalAssets>().Theme.Url));
        builder.Services.AddCascadingAuthenticationState();
        return builder;
    }

    /// <summary>Draws the page for a person's request that found nothing.</summary>
    public static IApplicationBuilder UseShell(this IApplicationBuilder app) => app.UseWhen(
        context => !s_forPrograms.Any(path => context.Request.Path.StartsWithSegments(path)),
        people => people.UseStatusCodePagesWithReExecute(PortalUrls.NotFound, createScopeForStatusCodePages: true).Use(ReadThePageAsync));

    /// <summary>The page is got, whichever method found nothing: sent a form, it would ask for the form's antiforgery token, and answer 400.</summary>
    private static async Task ReadThePageAsync(HttpContext context, RequestDelegate next)
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

    public static IEndpointRouteBuilder MapShell(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/theme.{version}.css", (HttpContext context, PortalAssets assets) =>
        {
            var isThis = context.Request.Path == assets.Theme.Url;
            context.Response.Headers.CacheControl = isThis ? "public, max-age=31536000, immutable" : "no-cache";
            context.Response.Headers.Vary = HeaderNames.AcceptEncoding;
            var isCompressed = context.Request.GetTypedHeaders().AcceptEncoding.Any(encoding => encoding.Value == "br" && encoding.Quality is not 0);
            if (isCompressed)
                context.Response.Headers.ContentEncoding = "br";
            return Results.Bytes(isCompressed ? assets.Theme.Compressed : assets.Theme.Content, "text/css; charset=utf-8");
        }).DisableHttpMetrics();

        routes.MapStaticAssets().DisableHttpMetrics(); // Each file would be a route of its own.
        routes.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        return routes;
    }
}
