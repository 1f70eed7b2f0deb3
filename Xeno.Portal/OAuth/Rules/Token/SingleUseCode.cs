using OpenIddict.Server;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Grants;
using Xeno.Portal.OAuth.Rules.Shared;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Token;

/// <summary>
/// RFC 6749 §4.1.2: a code works once, for five minutes. Used again by the same client it is <c>invalid_grant</c>: within the grace that
/// is a retry; later it is a replay, which revokes the one token that the code gave. (The engine would also revoke on a retry, and when
/// another client presents the code.)
/// </summary>
internal sealed class SingleUseCode(GrantEnding ending, TimeProvider time, ILogger<SingleUseCode> log)
    : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public async ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        var code = ReadCodeOrTokenRow.RowOf(context.Transaction);
        var now = time.GetUtcNow();

        if (code.RedeemedAt is { } redeemedAt)
        {
            if (now - redeemedAt <= TokenRows.RetryGrace)
            {
                context.Refuse(Errors.InvalidGrant, OAuthErrors.CodeUsed);
                return;
            }

            if (await ending.RevokeAfterReplayAsync(code.Entry))
            {
                OAuthMetrics.CodeReplayed();
                OAuthLog.CodeReplayed(log, code.ClientId, code.GrantId);
            }

            context.Refuse(Errors.InvalidGrant, OAuthErrors.CodeReplayed);
        }
        else if (code.Status != TokenStatuses.Valid)
            context.Refuse(Errors.InvalidGrant, OAuthErrors.CodeRevoked);
        else if (code.ExpiresAt <= now)
            context.Refuse(Errors.InvalidGrant, OAuthErrors.CodeExpired);
        else if (code.AccountSuspended)
            context.Refuse(Errors.InvalidGrant, OAuthErrors.AccountSuspended);
    }
}
