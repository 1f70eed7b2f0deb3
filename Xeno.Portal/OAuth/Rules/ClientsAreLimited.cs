using Microsoft.AspNetCore;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using Xeno.Portal.Limits;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules;

/// <summary>
/// Nobody guesses a Client Secret: after some wrong ones for one app from one address its secrets are not looked at for a while. The app
/// itself, from its own addresses, does not notice.
/// </summary>
internal sealed class SecretsAreNotGuessed<TContext>(WrongGuesses guesses, IOptions<OAuthRateLimits> rateLimits)
    : IOpenIddictServerHandler<TContext> where TContext : BaseValidatingContext
{
    public ValueTask HandleAsync(TContext context)
    {
        var http = context.Transaction.GetHttpRequest()!.HttpContext;
        if (context.Transaction.Request is { ClientId: { } clientId, ClientSecret: not null }
            && guesses.KnownWait(rateLimits.Value.WrongSecrets(clientId, ClientAddress.Of(http))) is { } wait)
        {
            http.Features.Set(RefusedWithStatus.TooMany(wait));
            context.Reject(Errors.TemporarilyUnavailable, OAuthErrors.TooManyWrongSecrets(wait));
        }

        return ValueTask.CompletedTask;
    }
}

/// <summary>Counts each wrong Client Secret. Goes before the engine's words are replaced, because its id tells what was wrong.</summary>
internal sealed class WrongSecretsAreCounted<TContext>(WrongGuesses guesses, IOptions<OAuthRateLimits> rateLimits)
    : IOpenIddictServerHandler<TContext> where TContext : BaseRequestContext
{
    public async ValueTask HandleAsync(TContext context)
    {
        if (context.Transaction.Response?.ErrorUri?.EndsWith(ErrorsAreExplained<TContext>.WrongSecret, StringComparison.Ordinal) == true
            && context.Transaction.Request?.ClientId is { } clientId)
            await guesses.CountAsync(rateLimits.Value.WrongSecrets(clientId, ClientAddress.Of(context.Transaction.GetHttpRequest()!.HttpContext)));
    }
}

/// <summary>How often one app may ask, once it is certain that it is the app.</summary>
internal sealed class AppsAskInMeasure<TContext>(RateLimits limits, IOptions<OAuthRateLimits> rateLimits)
    : IOpenIddictServerHandler<TContext> where TContext : BaseValidatingClientContext
{
    public ValueTask HandleAsync(TContext context)
    {
        if (context.ClientId is { } clientId && limits.Take(rateLimits.Value.ProtocolRequestOfApp, clientId) is { } wait)
        {
            context.Transaction.GetHttpRequest()!.HttpContext.Features.Set(RefusedWithStatus.TooMany(wait));
            context.Reject(Errors.TemporarilyUnavailable, OAuthErrors.TooManyRequests(wait));
        }

        return ValueTask.CompletedTask;
    }
}
