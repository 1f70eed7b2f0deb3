using Microsoft.Extensions.Options;
using Xeno.Portal.Http;
using Xeno.Portal.Limits;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Api;

/// <summary>
/// RFC 6750: a token comes in the <c>Authorization</c> header and nowhere else (§2.1, RFC 9700 §4.3.2). A refusal carries a challenge that
/// says why (§3), and a body of problem details that says it again. A middleware of the API's own branch; why it is not an authentication
/// handler of the framework is in docs/decisions/0018-bearer-tokens-by-a-middleware.md.
/// </summary>
internal sealed class BearerCheck(
    RequestDelegate next, BearerTokens tokens, PublicOrigin origin, RateLimits limits, IOptions<ApiRateLimits> rateLimits)
{
    private const string Prefix = "Bearer ";

    public async Task InvokeAsync(HttpContext context)
    {
        // The router's own answers (404, 405) need no token.
        if (context.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<ApiEndpoint>() is not { } api)
        {
            await next(context);
            return;
        }

        var facts = context.Facts();
        facts.Endpoint = api.Route;

        var (caller, refusal) = await FindCallerAsync(context.Request);
        if (caller is not null)
        {
            facts.TokenId = caller.TokenId;
            facts.ClientId = caller.ClientId;
            facts.AccountId = caller.AccountId;
            facts.Scopes = caller.Scopes.ToString();
            if (endpoint.Metadata.GetMetadata<RequiredScope>() is { Scope: var scope } && !caller.Scopes.Contains(scope))
                refusal = ApiRefusals.InsufficientScope(scope);
        }

        // Calls are counted by app and account, so that more tokens are not more calls; calls without a valid token by address, so that
        // neither uses up the other's share.
        var wait = caller is null
            ? limits.TakeFrom(rateLimits.Value.RefusedApiCall, context)
            : limits.Take(rateLimits.Value.ApiCall, $"{caller.ClientId} {caller.AccountId}");
        if (wait is { } untilNext)
        {
            TooManyRequests.AnswerWith(context.Response, untilNext);
            await ApiProblems.WriteAsync(context, origin, StatusCodes.Status429TooManyRequests, "Too many requests",
                $"Wait {TooManyRequests.InWords(untilNext)} (the header Retry-After has the seconds), then spread the calls out.",
                TooManyRequests.Error);
            return;
        }

        if (refusal is null)
        {
            context.Features.Set(caller);
            await next(context);
            return;
        }

        if (refusal.Scope is not null)
            (facts.Expected, facts.Got) = (refusal.Scope, facts.Scopes);
        context.Response.Headers.WWWAuthenticate = refusal.Challenge(origin.For(context.Request));
        await ApiProblems.WriteAsync(context, origin, refusal.Status, refusal.Title, refusal.Description, refusal.Error);
    }

    private async ValueTask<(Caller? Caller, ApiRefusal? Refusal)> FindCallerAsync(HttpRequest request)
    {
        if (request.QueryString.HasValue && request.Query.ContainsKey("access_token"))
            return (null, ApiRefusals.TokenInQuery);

        var headers = request.Headers.Authorization;
        if (headers.Count > 1)
            return (null, ApiRefusals.SeveralTokens);
        if (headers.Count == 0 || !headers[0]!.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return (null, ApiRefusals.NoToken);

        return await tokens.FindAsync(headers[0]![Prefix.Length..].Trim()) is { } caller
            ? (caller, null)
            : (null, ApiRefusals.InvalidToken);
    }
}
