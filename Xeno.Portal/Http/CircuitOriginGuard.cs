using Microsoft.Net.Http.Headers;

namespace Xeno.Portal.Http;

/// <summary>
/// Only the portal's own pages connect to their circuits. The browser sends the visitor's cookies with a WebSocket that a page of another
/// site opens, and no rule of CORS stops it (RFC 6455 §10.2). Goes after <see cref="PlainHttpGuard"/>, which sets scheme and host.
/// </summary>
internal sealed class CircuitOriginGuard(RequestDelegate next, PublicOrigin origin)
{
    private const string SecFetchSite = "Sec-Fetch-Site";

    public Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments(PortalUrls.Circuits) || IsFromOurPage(context.Request))
            return next(context);

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(
            $"Only pages of {origin.For(context.Request)} may connect here, and this request does not come from one.");
    }

    /// <summary>
    /// By the header <c>Origin</c>. Browsers leave it out when a page gets something from its own site; then <c>Sec-Fetch-Site</c> says so.
    /// A client that sends neither is no browser, and has no cookies but its own.
    /// </summary>
    private bool IsFromOurPage(HttpRequest request)
    {
        var headers = request.Headers;
        if (headers.ContainsKey(HeaderNames.Origin))
            return origin.IsOwn(headers.Origin.ToString(), request);
        return !headers.TryGetValue(SecFetchSite, out var site) || site == "same-origin";
    }
}
