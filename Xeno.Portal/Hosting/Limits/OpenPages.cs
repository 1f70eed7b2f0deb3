using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.Extensions.Options;
using Xeno.Portal.Hosting.Telemetry;

namespace Xeno.Portal.Hosting.Limits;

/// <summary>
/// Keeps the number of interactive pages in bounds that one address and one account have open on this node: each costs memory for as long as
/// it is open. Counts the connections of their circuits, and goes after authentication.
/// </summary>
internal sealed class OpenPages(RequestDelegate next, IOptions<RateLimitOptions> options) : IDisposable
{
    private static readonly PathString s_circuits = "/_blazor";
    private static readonly TimeSpan s_untilOneMayClose = TimeSpan.FromSeconds(10);

    private readonly PartitionedRateLimiter<HttpContext> _limiter = PartitionedRateLimiter.CreateChained(
        By(context => ClientAddress.Of(context), options.Value.OpenPagesPerAddress),
        By(context => context.User.FindFirstValue(ClaimTypes.NameIdentifier), options.Value.OpenPagesPerAccount));

    public async Task InvokeAsync(HttpContext context)
    {
        if (!options.Value.Enabled || !(IsHeldOpen(context.Request) || IsPageOfACircuit(context)))
        {
            await next(context);
            return;
        }

        if (!IsHeldOpen(context.Request))
        {
            // Only looked at: a page that could not connect would say so too late, and in other words.
            using var room = _limiter.AttemptAcquire(context, permitCount: 0);
            if (room.IsAcquired)
                await next(context);
            else
                TooManyRequests.AnswerWith(context.Response, s_untilOneMayClose); // The page for it is drawn by the Shell.
            return;
        }

        using var lease = _limiter.AttemptAcquire(context);
        if (lease.IsAcquired)
        {
            PortalMetrics.PageOpened();
            try
            {
                await next(context);
            }
            finally
            {
                PortalMetrics.PageClosed();
            }

            return;
        }

        TooManyRequests.AnswerWith(context.Response, s_untilOneMayClose);
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync("Too many pages of this portal are open at the same time. Close some, then reload this one.");
    }

    public void Dispose() => _limiter.Dispose();

    /// <summary>
    /// A WebSocket, server-sent events or a long poll: each lasts as long as the page listens. With or without the <c>id</c> of a negotiation,
    /// which a client may leave out.
    /// </summary>
    private static bool IsHeldOpen(HttpRequest request)
        => request.Path.StartsWithSegments(s_circuits, out var rest) && rest.Value is "" or "/"
           && (HttpMethods.IsConnect(request.Method) || HttpMethods.IsGet(request.Method));

    private static bool IsPageOfACircuit(HttpContext context)
        => context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null && context.AcceptsInteractiveRouting();

    private static PartitionedRateLimiter<HttpContext> By(Func<HttpContext, string?> whose, int most)
        => PartitionedRateLimiter.Create<HttpContext, string>(context => whose(context) is { } known
            ? RateLimitPartition.GetConcurrencyLimiter(known, _ => new ConcurrencyLimiterOptions { PermitLimit = most, QueueLimit = 0 })
            : RateLimitPartition.GetNoLimiter(""));
}
