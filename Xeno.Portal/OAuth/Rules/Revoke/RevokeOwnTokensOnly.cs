using OpenIddict.Server;
using Xeno.Portal.OAuth.Rules.Shared;
using Xeno.Portal.Telemetry;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Revoke;

/// <summary>
/// RFC 7009 §2.1: an app can revoke only its own tokens. Any other stays as it is, and the answer is the same 200 as for an unknown token.
/// </summary>
internal sealed class RevokeOwnTokensOnly : IOpenIddictServerHandler<ValidateRevocationRequestContext>
{
    public ValueTask HandleAsync(ValidateRevocationRequestContext context)
    {
        var row = ReadCodeOrTokenRow.RowOf(context.Transaction);
        if (row.ClientId != context.ClientId)
            context.Refuse(Errors.InvalidToken, OAuthErrors.UnknownCode);
        else
            context.Http().Facts().Note(row);
        return ValueTask.CompletedTask;
    }
}
