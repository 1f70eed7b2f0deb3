using Microsoft.Extensions.Options;
using OpenIddict.Server;
using Xeno.Portal.Limits;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Shared;

/// <summary>
/// Counts each wrong Client Secret, for <see cref="WrongSecretLimit{TContext}"/>. Stands before <see cref="ErrorExplanation{TContext}"/>,
/// which replaces the engine's id of the error.
/// </summary>
internal sealed class WrongSecretCount<TContext>(WrongGuesses guesses, IOptions<OAuthRateLimits> rateLimits)
    : IOpenIddictServerHandler<TContext> where TContext : BaseRequestContext
{
    public async ValueTask HandleAsync(TContext context)
    {
        if (context.Transaction.Response?.ErrorUri?.EndsWith(EngineIds.WrongSecret, StringComparison.Ordinal) == true
            && context.Transaction.Request?.ClientId is { } clientId)
            await guesses.CountAsync(rateLimits.Value.WrongSecrets(clientId, ClientAddress.Of(context.Http())));
    }
}
