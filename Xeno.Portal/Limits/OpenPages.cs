using System.Security.Claims;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.Extensions.Options;

namespace Xeno.Portal.Limits;

/// <summary>
/// Limits how many interactive pages one address and one account have open on this node, because each costs memory for as long as it is
/// open. Counts the connections of their circuits. Goes after authentication.
/// </summary>
internal sealed class OpenPages(RequestDelegate next, IOptions<RateLimitOptions> options)
{
    private static readonly TimeSpan s_untilOneMayClose = TimeSpan.FromSeconds(10);

    private readonly OpenCounts _ofAddresses = new(options.Value.OpenPagesPerAddress);
    private readonly OpenCounts _ofAccounts = new(options.Value.OpenPagesPerAccount);

    public async Task InvokeAsync(HttpContext context)
    {
        var isHeldOpen = IsHeldOpen(context.Request);
        if (!options.Value.Enabled || !(isHeldOpen || IsPageOfACircuit(context)))
        {
            await next(context);
            return;
        }

        var (address, account) = (ClientAddress.Of(context), context.User.FindFirstValue(ClaimTypes.NameIdentifier));
        if (isHeldOpen)
            await HoldAsync(context, address, account);
        else if (_ofAddresses.HasRoomFor(address) && (account is null || _ofAccounts.HasRoomFor(account)))
            await next(context);
        else
            // Refused before the page is drawn, which could not connect. The Shell draws the page for this status.
            TooManyRequests.AnswerWith(context.Response, s_untilOneMayClose);
    }

    private async Task HoldAsync(HttpContext context, string address, string? account)
    {
        using var ofAddress = _ofAddresses.TryOpen(address);
        using var ofAccount = account is null ? null : _ofAccounts.TryOpen(account);
        if (ofAddress is null || (account is not null && ofAccount is null))
        {
            TooManyRequests.AnswerWith(context.Response, s_untilOneMayClose);
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync("Too many pages of this portal are open at the same time. Close some, then reload this one.");
            return;
        }

        LimitMetrics.PageOpened();
        try
        {
            await next(context);
        }
        finally
        {
            LimitMetrics.PageClosed();
        }
    }

    /// <summary>
    /// True for a WebSocket, server-sent events or a long poll: each lasts as long as its page is open. A client may leave out the
    /// <c>id</c> of the negotiation, so the query is not looked at.
    /// </summary>
    private static bool IsHeldOpen(HttpRequest request)
        => request.Path.StartsWithSegments(PortalUrls.Circuits, out var rest) && rest.Value is "" or "/"
           && (HttpMethods.IsConnect(request.Method) || HttpMethods.IsGet(request.Method));

    private static bool IsPageOfACircuit(HttpContext context)
        => context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null && context.AcceptsInteractiveRouting();

    /// <summary>
    /// Counts open pages by owner, up to a maximum. A plain count, because the framework's concurrency limiter keeps a timer running for as
    /// long as it exists.
    /// </summary>
    private sealed class OpenCounts(int most)
    {
        private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);

        public bool HasRoomFor(string owner)
        {
            lock (_open)
                return _open.GetValueOrDefault(owner) < most;
        }

        /// <summary>Counts one more until the result is disposed; null when the owner has its maximum.</summary>
        public IDisposable? TryOpen(string owner)
        {
            lock (_open)
            {
                var open = _open.GetValueOrDefault(owner);
                if (open >= most)
                    return null;
                _open[owner] = open + 1;
                return new OpenPage(this, owner);
            }
        }

        private void Close(string owner)
        {
            lock (_open)
                if (--_open[owner] is 0)
                    _open.Remove(owner);
        }

        private sealed class OpenPage(OpenCounts counts, string owner) : IDisposable
        {
            public void Dispose() => counts.Close(owner);
        }
    }
}
