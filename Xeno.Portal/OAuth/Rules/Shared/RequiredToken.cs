using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Shared;

/// <summary>RFC 7009 §2.1, RFC 7662 §2.1: <c>token</c> is required.</summary>
internal sealed class RequiredToken<TContext> : IOpenIddictServerHandler<TContext> where TContext : BaseValidatingContext
{
    public ValueTask HandleAsync(TContext context)
    {
        if (context.Transaction.Request!.Token is null)
            context.Refuse(Errors.InvalidRequest, OAuthErrors.MissingToken);
        return ValueTask.CompletedTask;
    }
}
