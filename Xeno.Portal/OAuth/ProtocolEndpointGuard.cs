using Microsoft.Extensions.Options;
using Xeno.Portal.Data.Statements;
using Xeno.Portal.Http;
using Xeno.Portal.Limits;
using Xeno.Portal.Telemetry;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Xeno.Portal.OAuth;

/// <summary>
/// The rules of the protocol endpoints that are kept before the engine sees a request: methods (405), no effect of a prefetch, and the
/// limit by address (429). Authorize is a page for browsers: GET, and the consent form's POST. Token, revoke and introspect take POST; the
/// metadata takes GET.
/// </summary>
internal sealed class ProtocolEndpointGuard(
    RequestDelegate next, PublicOrigin origin, IStatements statements, RateLimits limits, IOptions<OAuthRateLimits> rateLimits)
{
    private static readonly Dictionary<string, ProtocolEndpoint> s_endpoints = new ProtocolEndpoint[]
    {
        new(PortalUrls.Authorize, [HttpMethods.Get, HttpMethods.Post], Writes: true, limits => limits.Authorization),
        new(PortalUrls.Token, [HttpMethods.Post], Writes: true, limits => limits.ProtocolRequest),
        new(PortalUrls.Revoke, [HttpMethods.Post], Writes: true, limits => limits.ProtocolRequest),
        new(PortalUrls.Introspect, [HttpMethods.Post], Writes: false, limits => limits.ProtocolRequest),
        new(PortalUrls.ServerMetadata, [HttpMethods.Get], Writes: false, Limit: null),
    }.ToDictionary(endpoint => endpoint.Path, StringComparer.OrdinalIgnoreCase);

    public async Task InvokeAsync(HttpContext context)
    {
        if (Find(context.Request.Path) is not { } endpoint)
        {
            await next(context);
            return;
        }

        context.NameRoute(endpoint.Path);
        context.Facts().Endpoint = endpoint.Path;

        if (endpoint.Path == PortalUrls.Authorize && Prefetching.IsPrefetch(context.Request))
        {
            // A prefetch is no click, so it must not issue a code.
            await Prefetching.AnswerNothingAsync(context);
            return;
        }

        if (endpoint.Methods.Contains(context.Request.Method, StringComparer.Ordinal))
        {
            if (endpoint.Limit is { } limit && limits.TakeFrom(limit(rateLimits.Value), context) is { } wait)
            {
                await ProtocolRefusals.TooManyAsync(context, origin, wait);
                return;
            }

            using (endpoint.Writes ? statements.ExpectCommit() : null)
                await next(context);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        context.Response.Headers.Allow = string.Join(", ", endpoint.Methods);
        context.Response.Headers.CacheControl = "no-store";
        if (endpoint.Methods is [var only] && only == HttpMethods.Post && !HttpMethods.IsHead(context.Request.Method))
            await ProtocolRefusals.WriteAsync(context, origin, Errors.InvalidRequest, OAuthErrors.PostOnly);
    }

    /// <summary>Whether this is the address of a protocol endpoint, as <see cref="PortalUrls"/> writes it.</summary>
    public static bool IsName(string endpoint) => s_endpoints.ContainsKey(endpoint);

    // The engine also accepts one more slash at the end.
    private static ProtocolEndpoint? Find(PathString path)
        => path.Value is { } text && s_endpoints.TryGetValue(text.EndsWith('/') ? text[..^1] : text, out var endpoint) ? endpoint : null;

    private sealed record ProtocolEndpoint(string Path, string[] Methods, bool Writes, Func<OAuthRateLimits, RateLimit>? Limit);
}
