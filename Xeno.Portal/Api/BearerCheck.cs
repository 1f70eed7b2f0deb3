using Microsoft.Extensions.Options;
using Xeno.Portal.Http;
using Xeno.Portal.Limits;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Api;

/// <summary>
/// RFC 6750: a token comes in the <c>Authorization</c> header and nowhere else (§2.1, RFC 9700 §4.3.2); refusals carry a challenge that says
/// why (§3), and a body that says it again as problem details. A middleware of the API's own branch, because the framework's authentication
/// asks every scheme of the host first, the browser's cookie among them.
/// </summary>
internal sealed class BearerCheck(RequestDelegate next, BearerTokens tokens, PublicOrigin origin, RateLimits limits,
    IOptions<ApiRateLimits> rateLimits)
{
    private const string Prefix = "Bearer ";

    public async Task InvokeAsync(HttpContext context)
    {
        // What the router answers by itself (404, 405) tells nothing that needs a token.
        if (context.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<NeedsToken>() is null)
        {
            await next(context);
            return;
        }

        var facts = context.Facts();
        facts.Endpoint = (endpoint as RouteEndpoint)?.RoutePattern.RawText;

        var (caller, refusal) = await FindCallerAsync(context.Request);
        if (caller is not null && endpoint.Metadata.GetMetadata<RequiredScope>() is { Scope: var scope } && !caller.Scopes.Contains(scope))
            refusal = ApiRefusals.InsufficientScope(scope);

        if (caller is not null)
            (facts.TokenId, facts.ClientId, facts.AccountId, facts.Scopes) = (caller.TokenId, caller.ClientId, caller.AccountId, caller.Scopes.ToString());

        // A stranger who guesses at tokens is counted by address, whoever has one by token: neither can use up the other's share.
        var wait = caller is null
            ? limits.Take(rateLimits.Value.RefusedApiCall, ClientAddress.Of(context))
            : limits.Take(rateLimits.Value.ApiCall, caller.TokenId);
        if (wait is { } untilNext)
        {
            TooManyRequests.AnswerWith(context.Response, untilNext);
            await ApiProblems.WriteAsync(context, origin, StatusCodes.Status429TooManyRequests, "Too many requests",
                $"Wait {TooManyRequests.InWords(untilNext)} (the header Retry-After has the seconds), then spread the calls out.", "too_many_requests");
            return;
        }

        if (refusal is null)
        {
            context.Features.Set(caller);
            await next(context);
            return;
        }

        facts.Error = refusal.Error;
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

        return await tokens.FindAsync(headers[0]![Prefix.Length..].Trim()) is { } caller ? (caller, null) : (null, ApiRefusals.InvalidToken);
    }
}

/// <summary>On every endpoint of the API: it is served to valid tokens only.</summary>
internal sealed class NeedsToken;
