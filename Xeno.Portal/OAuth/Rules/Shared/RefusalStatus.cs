using OpenIddict.Server;
using Xeno.Portal.Limits;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Shared;

/// <summary>
/// A body that is too large is 413, a request too many is 429 with <c>Retry-After</c> (RFC 6585 §4); the JSON error is the same.
/// </summary>
internal sealed class RefusalStatus<TContext> : IOpenIddictServerHandler<TContext> where TContext : BaseRequestContext
{
    public ValueTask HandleAsync(TContext context)
    {
        var http = context.Http();
        if (http.Features.Get<RefusedWithStatus>() is { Status: >= 400 } refused)
        {
            http.Response.StatusCode = refused.Status;
            if (refused.Wait is { } wait)
                TooManyRequests.AnswerWith(http.Response, wait);
        }

        return ValueTask.CompletedTask;
    }
}
