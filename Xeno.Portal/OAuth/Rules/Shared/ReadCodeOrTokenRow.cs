using System.Security.Claims;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using Xeno.Portal.Data.OAuth;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Shared;

/// <summary>
/// Finds the row of a code or a token, and gives the engine a principal made from it. Nothing is decrypted: the row holds everything, so a
/// revocation takes effect at once. Whether the row is still valid is decided by the rules of each endpoint.
/// </summary>
internal sealed class ReadCodeOrTokenRow(TokenRows rows) : IOpenIddictServerHandler<ValidateTokenContext>
{
    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        var wantsCode = context.EndpointType == OpenIddictServerEndpointType.Token;
        var row = await rows.FindAsync(context.Token!);
        if (row is null || row.Kind != (wantsCode ? TokenKinds.AuthorizationCode : TokenKinds.AccessToken))
        {
            context.Refuse(wantsCode ? Errors.InvalidGrant : Errors.InvalidToken, OAuthErrors.UnknownCode);
            return;
        }

        var identity = new ClaimsIdentity("xeno-token");
        identity.SetClaim(Claims.Subject, row.AccountId);
        identity.SetScopes(row.Scopes.Names);
        identity.SetTokenType(wantsCode ? TokenTypeIdentifiers.Private.AuthorizationCode : TokenTypeIdentifiers.AccessToken);
        context.Principal = new ClaimsPrincipal(identity);
        context.Transaction.SetProperty(nameof(TokenRow), row);
    }

    /// <summary>The row of the code or token that this request is about.</summary>
    public static TokenRow RowOf(OpenIddictServerTransaction transaction)
        => transaction.GetProperty<TokenRow>(nameof(TokenRow)) ?? throw new InvalidOperationException("No row was read for this request.");
}
