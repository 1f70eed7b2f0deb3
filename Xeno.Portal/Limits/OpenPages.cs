using System.Security.Claims;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.Extensions.Options;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Limits;

/// <summary>
/// Keeps the number of interactive pages in bounds that one address and one account have open on this node: each costs memory for as long as
/// it is open. Counts the connections of their circuits, and goes after authentication.
/// </summary>
internal sealed class OpenPages(RequestDelegate next, IOptions<RateLimitOptions> options)
{
    private static readonly TimeSpan s_untilOneMayClose = TimeSpan.FromSeconds(10);

    private readonly Places _ofAddresses = new(options.Value.OpenPagesPerAddress);
    private readonly Places _ofAccounts = new(options.Value.OpenPagesPerAccount);

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
        else if (_ofAddresses.HasOneFor(address) && (account is null || _ofAccounts.HasOneFor(account)))
            await next(context);
        else
            TooManyRequests.AnswerWith(context.Response, s_untilOneMayClose); // The page for it is drawn by the Shell: one that could not connect would say so too late.
    }

    private async Task HoldAsync(HttpContext context, string address, string? account)
    {
        using var ofAddress = _ofAddresses.Take(address);
        using var ofAccount = account is null ? null : _ofAccounts.Take(account);
        if (ofAddress is null || (account is not null && ofAccount is null))
        {
            TooManyRequests.AnswerWith(context.Response, s_untilOneMayClose);
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync("Too many pages of this portal are open at the same time. Close some, then reload this one.");
            return;
        }

        PortalMetrics.PageOpened();
        try
        {
            await next(context);
        }
        finally
        {
            PortalMetrics.PageClosed();
        }
    }

    /// <summary>
    /// A WebSocket, server-sent events or a long poll: each lasts as long as the page listens. With or without the <c>id</c> of a negotiation,
    /// which a client may leave out.
    /// </summary>
    private static bool IsHeldOpen(HttpRequest request)
        => request.Path.StartsWithSegments(PortalUrls.Circuits, out var rest) && rest.Value is "" or "/"
           && (HttpMethods.IsConnect(request.Method) || HttpMethods.IsGet(request.Method));

    private static bool IsPageOfACircuit(HttpContext context)
        => context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null && context.AcceptsInteractiveRouting();

    /// <summary>So many at the same time for each of them. A count alone: the framework's limiter keeps a timer that never rests.</summary>
    private sealed class Places(int most)
    {
        private readonly Dictionary<string, int> _taken = new(StringComparer.Ordinal);

        public bool HasOneFor(string whose)
        {
            lock (_taken)
                return _taken.GetValueOrDefault(whose) < most;
        }

        /// <summary>One place until the result is disposed; null when there is none.</summary>
        public IDisposable? Take(string whose)
        {
            lock (_taken)
            {
                var taken = _taken.GetValueOrDefault(whose);
                if (taken >= most)
                    return null;
                _taken[whose] = taken + 1;
                return new Place(this, whose);
            }
        }

        private void GiveBack(string whose)
        {
            lock (_taken)
                if (--_taken[whose] is 0)
                    _taken.Remove(whose);
        }

        private sealed class Place(Places of, string whose) : IDisposable
        {
            public void Dispose() => of.GiveBack(whose);
        }
    }
}
