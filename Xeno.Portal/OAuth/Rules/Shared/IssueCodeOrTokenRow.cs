using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using Xeno.Portal.Scopes;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Shared;

/// <summary>
/// Issues codes (five minutes, RFC 6749 §4.1.2) and access tokens (without end): random values whose rows hold what the engine would
/// encrypt into them. Every Allow is a grant of its own with one code, and a code gives at most one token. The rows are on disk before
/// the answer.
/// </summary>
internal sealed class IssueCodeOrTokenRow(TokenRows rows, IOptions<OAuthOptions> options) : IOpenIddictServerHandler<GenerateTokenContext>
{
    public async ValueTask HandleAsync(GenerateTokenContext context)
    {
        if (context.TokenType == TokenTypeIdentifiers.Private.AuthorizationCode)
        {
            var facts = AuthorizationRequestFacts.Of(context.Http());
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
            context.Token = await rows.ExchangeAsync(ReadCodeOrTokenRow.RowOf(context.Transaction));
            if (context.Token is null)
                context.Refuse(Errors.InvalidGrant, OAuthErrors.CodeUsed);
        }
    }
}
