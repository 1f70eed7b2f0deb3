using Microsoft.Extensions.Options;
using OpenIddict.Server;
using Xeno.Portal.Limits;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Shared;

/// <summary>
/// Guessing a Client Secret is stopped: after some wrong ones for one app from one address, further ones from there are refused for a while
/// without being compared (429). The app itself, at its own addresses, is not affected.
/// </summary>
internal sealed class WrongSecretLimit<TContext>(WrongGuesses guesses, IOptions<OAuthRateLimits> rateLimits)
    : IOpenIddictServerHandler<TContext> where TContext : BaseValidatingContext
{
    public ValueTask HandleAsync(TContext context)
    {
        if (context.Transaction.Request is { ClientId: { } clientId, ClientSecret: not null }
            && guesses.KnownWait(rateLimits.Value.WrongSecrets(clientId, ClientAddress.Of(context.Http()))) is { } wait)
            context.RefuseForNow(wait, OAuthErrors.TooManyWrongSecrets(wait));
        return ValueTask.CompletedTask;
    }
}
