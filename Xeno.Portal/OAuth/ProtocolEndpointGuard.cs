using Microsoft.AspNetCore.Cors.Infrastructure;
using Xeno.Portal.Data.Statements;
using Xeno.Portal.Hosting;
using Xeno.Portal.Shell;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Xeno.Portal.OAuth;

/// <summary>
/// What holds for the protocol endpoints before the engine sees a request: the methods they take, which of them scripts of other origins may
/// call, and how often one address may. Authorize is a page for browsers (GET, and the consent form's POST), without CORS; token, revoke and
/// introspect take POST; the metadata takes GET.
/// </summary>
internal sealed class ProtocolEndpointGuard(
    RequestDelegate next, ICorsService cors, ICorsPolicyProvider corsPolicies, PublicOrigin origin, IStatements statements, RateLimits limits)
{
    private static readonly Dictionary<string, ProtocolEndpoint> s_endpoints = new(StringComparer.OrdinalIgnoreCase)
    {
        [PortalUrls.Authorize] = new([HttpMethods.Get, HttpMethods.Post], Cors: false, Writes: true, RateLimit.Authorization),
        [PortalUrls.Token] = new([HttpMethods.Post], Cors: true, Writes: true, RateLimit.ProtocolRequest),
        [PortalUrls.Revoke] = new([HttpMethods.Post], Cors: true, Writes: true, RateLimit.ProtocolRequest),
        [PortalUrls.Introspect] = new([HttpMethods.Post], Cors: false, Writes: false, RateLimit.ProtocolRequest),
        [PortalUrls.ServerMetadata] = new([HttpMethods.Get], Cors: true, Writes: false, Limit: null),
    };

    public async Task InvokeAsync(HttpContext context)
    {
        // The engine takes one slash more at the end, so the guard must too.
        var path = context.Request.Path.Value!;
        if (!s_endpoints.TryGetValue(path.EndsWith('/') ? path[..^1] : path, out var endpoint))
        {
            await next(context);
            return;
        }

        if (endpoint.Cors && context.Request.Headers.Origin.Count > 0)
        {
            var policy = (await corsPolicies.GetPolicyAsync(context, CorsPolicies.AnyAppWithoutCredentials))!;
            var result = cors.EvaluatePolicy(context, policy);
            if (result.IsPreflightRequest)
            {
                cors.ApplyResult(result, context.Response);
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return;
            }

            cors.ApplyResult(result, context.Response);
        }

        if (endpoint.Methods.Contains(context.Request.Method, StringComparer.Ordinal))
        {
            if (endpoint.Limit is { } limit && limits.Take(limit, ClientAddress.Of(context)) is { } wait)
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

    private sealed record ProtocolEndpoint(string[] Methods, bool Cors, bool Writes, RateLimit? Limit);
}
