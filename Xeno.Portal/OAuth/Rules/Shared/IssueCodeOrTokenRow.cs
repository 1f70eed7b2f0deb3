using OpenIddict.Server;
using Xeno.Portal.Telemetry;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Shared;

/// <summary>
/// Gives the engine the code that was issued for the request (<see cref="ConsentService.IssueCodeAsync"/>), or issues the access token:
/// random values whose rows hold what the engine would encrypt into them. Every Allow is a grant of its own with one code, and a code gives
/// at most one token. The rows are on disk before the answer.
/// </summary>
internal sealed class IssueCodeOrTokenRow(TokenRows rows) : IOpenIddictServerHandler<GenerateTokenContext>
{
    public async ValueTask HandleAsync(GenerateTokenContext context)
    {
        if (context.TokenType == TokenTypeIdentifiers.Private.AuthorizationCode)
        {
            context.Token = AuthorizationRequestFacts.Of(context.Http()).Code
                ?? throw new InvalidOperationException("No code was issued for this request.");
            return;
        }

        if (await rows.ExchangeAsync(ReadCodeOrTokenRow.RowOf(context.Transaction)) is { } issued)
            (context.Token, context.Http().Facts().TokenId) = (issued.Token, issued.RowId);
        else
            context.Refuse(Errors.InvalidGrant, OAuthErrors.CodeUsed);
    }
}
