using OpenIddict.Server;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Grants;
using Xeno.Portal.OAuth.Rules.Shared;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Token;

/// <summary>
/// RFC 6749 §4.1.2: a code works once, for five minutes. Used again by the same client it is <c>invalid_grant</c>. Where the app itself
/// most likely asked twice (<see cref="IsRetry"/>) nothing else happens; otherwise it is a replay, which revokes the one token that the
/// code gave. (The engine would also revoke on a retry, and when another client presents the code.)
/// </summary>
internal sealed class SingleUseCode(GrantEnding ending, TimeProvider time, ILogger<SingleUseCode> log)
    : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public async ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        var code = ReadCodeOrTokenRow.RowOf(context.Transaction);
        var now = time.GetUtcNow();

        if (code.RedeemedAt is { } redeemedAt)
            context.Refuse(Errors.InvalidGrant, IsRetry(code, redeemedAt, now) ? OAuthErrors.CodeUsed : await AfterReplayAsync(code));
        else if (code.Status != TokenStatuses.Valid)
            context.Refuse(Errors.InvalidGrant, OAuthErrors.CodeRevoked);
        else if (code.ExpiresAt <= now)
            context.Refuse(Errors.InvalidGrant, OAuthErrors.CodeExpired);
        else if (code.AccountSuspended)
            context.Refuse(Errors.InvalidGrant, OAuthErrors.AccountSuspended);
    }

    /// <summary>
    /// Whether the app itself most likely asked twice, by a repeated POST or a callback page that was restored: soon after the first use;
    /// or with the right code_verifier, which <see cref="CodeBoundToRequest"/> has checked before; or when the code would give nothing any
    /// more, so that a thief would gain nothing by it.
    /// </summary>
    private static bool IsRetry(TokenRow code, DateTimeOffset redeemedAt, DateTimeOffset now)
        => now - redeemedAt <= TokenRows.RetryGrace || code.Binding!.CodeChallenge is not null || code.ExpiresAt <= now;

    private async Task<string> AfterReplayAsync(TokenRow code)
    {
        if (!await ending.RevokeAfterReplayAsync(code.Entry))
            return OAuthErrors.CodeUsedAndTokenEnded;

        OAuthMetrics.CodeReplayed();
        OAuthLog.CodeReplayed(log, code.ClientId, code.GrantId);
        return OAuthErrors.CodeReplayed;
    }
}
