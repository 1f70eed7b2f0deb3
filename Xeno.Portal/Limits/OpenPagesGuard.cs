using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Http.Features;

namespace Xeno.Portal.Limits;

/// <summary>
/// Refuses an interactive page before it is drawn when there is no room for its circuit, and counts WebSockets from their first moment on.
/// The rest is done by <see cref="CircuitLimit"/>. Goes after authentication.
/// </summary>
internal sealed class OpenPagesGuard(RequestDelegate next, OpenPages pages)
{
    private static readonly TimeSpan s_untilOneMayClose = TimeSpan.FromSeconds(10);

    public async Task InvokeAsync(HttpContext context)
    {
        if (IsWebSocket(context))
        {
            await ConnectAsync(context);
            return;
        }

        if (IsPageOfACircuit(context) && pages.FullFor(PageOwner.Of(context)) is { } limit)
        {
            // The Shell draws the page for the status.
            TooManyRequests.AnswerWith(context.Response, s_untilOneMayClose);
            if (limit is OpenPageLimit.OpenPagesPerNode) // The visitor can do nothing about it.
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        await next(context);
    }

    private async Task ConnectAsync(HttpContext context)
    {
        if (pages.TryConnect(PageOwner.Of(context)) is not { } connection)
        {
            TooManyRequests.AnswerWith(context.Response, s_untilOneMayClose);
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(CircuitLimit.TooMany);
            return;
        }

        context.Features.Set(connection);
        try
        {
            await next(context);
        }
        finally
        {
            pages.Disconnect(connection);
        }
    }

    private static bool IsWebSocket(HttpContext context)
        => context.Request.Path.StartsWithSegments(PortalUrls.Circuits, out var rest) && rest.Value is "" or "/"
           && (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
               || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true });

    private static bool IsPageOfACircuit(HttpContext context)
        => context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null && context.AcceptsInteractiveRouting();
}
