using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Token;

/// <summary>
/// <c>grant_type</c> left out means <c>authorization_code</c>, because the customer's page does not name it. Anything else is
/// <c>unsupported_grant_type</c> (RFC 6749 §5.2).
/// </summary>
internal sealed class GrantTypeAuthorizationCode : IOpenIddictServerHandler<ExtractTokenRequestContext>
{
    public ValueTask HandleAsync(ExtractTokenRequestContext context)
    {
        var request = context.Transaction.Request!;
        request.GrantType ??= GrantTypes.AuthorizationCode;
        if (request.GrantType != GrantTypes.AuthorizationCode)
            context.Refuse(Errors.UnsupportedGrantType, OAuthErrors.UnsupportedGrantType(request.GrantType),
                expected: GrantTypes.AuthorizationCode, got: request.GrantType);
        return ValueTask.CompletedTask;
    }
}
