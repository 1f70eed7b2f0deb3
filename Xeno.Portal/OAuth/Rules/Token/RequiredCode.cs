using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Token;

/// <summary>RFC 6749 §4.1.3: <c>code</c> is required.</summary>
internal sealed class RequiredCode : IOpenIddictServerHandler<ExtractTokenRequestContext>
{
    public ValueTask HandleAsync(ExtractTokenRequestContext context)
    {
        if (context.Transaction.Request!.Code is null)
            context.Refuse(Errors.InvalidRequest, OAuthErrors.MissingCode);
        return ValueTask.CompletedTask;
    }
}
