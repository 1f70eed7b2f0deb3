using Microsoft.Extensions.Options;
using OpenIddict.Core;
using OpenIddict.Server;
using Xeno.Portal.Data.Apps;
using Xeno.Portal.Limits;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Shared;

/// <summary>
/// How many requests a minute one app may make, counted after it has authenticated (429, RFC 6585 §4). Anybody can claim to be an app
/// without a secret, so its requests are counted by app and address: strangers must not use up the limit of all its users.
/// </summary>
internal sealed class ClientRateLimit<TContext>(
    OpenIddictApplicationManager<RegisteredApp> clients, RateLimits limits, IOptions<OAuthRateLimits> rateLimits)
    : IOpenIddictServerHandler<TContext> where TContext : BaseValidatingClientContext
{
    public async ValueTask HandleAsync(TContext context)
    {
        if (context.ClientId is not { } clientId || await clients.FindByClientIdAsync(clientId) is not { } app)
            return;

        var caller = app.ClientType is ClientTypes.Public ? $"{clientId} {ClientAddress.Of(context.Http())}" : clientId;
        if (limits.Take(rateLimits.Value.ProtocolRequestOfApp, caller) is { } wait)
            context.RefuseForNow(wait, OAuthErrors.TooManyRequests(wait));
    }
}
