using Microsoft.Extensions.Options;
using OpenIddict.Server;
using Xeno.Portal.Limits;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Shared;

/// <summary>How many requests a minute one app may make, counted after it has authenticated (429, RFC 6585 §4).</summary>
internal sealed class ClientRateLimit<TContext>(RateLimits limits, IOptions<OAuthRateLimits> rateLimits)
    : IOpenIddictServerHandler<TContext> where TContext : BaseValidatingClientContext
{
    public ValueTask HandleAsync(TContext context)
    {
        if (context.ClientId is { } clientId && limits.Take(rateLimits.Value.ProtocolRequestOfApp, clientId) is { } wait)
            context.RefuseForNow(wait, OAuthErrors.TooManyRequests(wait));
        return ValueTask.CompletedTask;
    }
}
