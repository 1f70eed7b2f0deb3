using Microsoft.AspNetCore;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using Xeno.Portal.Scopes;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules;

/// <summary>
/// Makes codes and access tokens: random values whose rows hold what the engine would otherwise encrypt into them. Every Allow is a grant of
/// its own with one code, and a code gives at most one token. What is answered is on disk.
/// </summary>
internal sealed class TokensAreIssuedAsRows(TokenRows rows, IOptions<OAuthOptions> options) : IOpenIddictServerHandler<GenerateTokenContext>
{
    public async ValueTask HandleAsync(GenerateTokenContext context)
    {
        if (context.TokenType == TokenTypeIdentifiers.Private.AuthorizationCode)
        {
            var facts = AuthorizationRequestFacts.Of(context.Transaction.GetHttpRequest()!.HttpContext);
            var details = new CodeDetails(
                facts.App!,
                context.Principal.GetClaim(Claims.Subject)!,
                ScopeSet.FromStored(string.Join(' ', context.Principal.GetScopes())),
                new CodeBinding(facts.TrustedRedirectUri!, facts.RedirectUriWasSent, context.Transaction.Request!.CodeChallenge),
                facts.IsRemembered);
            context.Token = await rows.IssueCodeAsync(details, options.Value.AuthorizationCodeLifetime);
        }
        else
        {
            context.Token = await rows.ExchangeAsync(TokensAreReadFromRows.RowOf(context.Transaction));
            if (context.Token is null)
                context.Reject(Errors.InvalidGrant, OAuthErrors.CodeUsed);
        }
    }
}
