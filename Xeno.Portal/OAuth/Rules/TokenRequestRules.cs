using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using OpenIddict.Core;
using OpenIddict.Server;
using Xeno.Portal.Data.Apps;
using Xeno.Portal.Data.OAuth;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules;

/// <summary>The customer's page does not name <c>grant_type</c>: left out it means <c>authorization_code</c>, and nothing else is supported.</summary>
internal sealed class GrantTypeDefaultsToAuthorizationCode : IOpenIddictServerHandler<ExtractTokenRequestContext>
{
    public ValueTask HandleAsync(ExtractTokenRequestContext context)
    {
        var request = context.Transaction.Request!;
        request.GrantType ??= GrantTypes.AuthorizationCode;
        if (request.GrantType != GrantTypes.AuthorizationCode)
            context.Reject(Errors.UnsupportedGrantType, OAuthErrors.UnsupportedGrantType(request.GrantType));
        else if (request.Code is null)
            context.Reject(Errors.InvalidRequest, OAuthErrors.MissingCode);
        return ValueTask.CompletedTask;
    }
}

/// <summary>Nothing of a suspended app is served, once it is certain that it is the app who asks.</summary>
internal sealed class SuspendedAppsGetNoTokens(OpenIddictApplicationManager<RegisteredApp> clients)
    : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public async ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        var app = await clients.FindByClientIdAsync(context.ClientId!, context.CancellationToken);
        if (app?.SuspendedAt is not null)
            context.Reject(Errors.UnauthorizedClient, OAuthErrors.AppSuspended);
    }
}

/// <summary>
/// RFC 6749 §4.1.3, RFC 7636 §4.6: a code is for the client it was issued to, with the redirect URI and the verifier of its authorization
/// request. Whoever fails here learns nothing about the code and burns nothing: what the code did is looked at afterwards. A redirect URI that
/// its developer has removed since may be in strange hands, and so may what was sent there.
/// </summary>
internal sealed class CodesAreBoundToTheirRequest(OpenIddictApplicationManager<RegisteredApp> clients) : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public async ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        var request = context.Request;
        var code = TokensAreReadFromRows.RowOf(context.Transaction);
        var binding = code.Binding!;

        if (code.ClientId != context.ClientId)
            context.Reject(Errors.InvalidGrant, OAuthErrors.CodeOfAnotherClient);
        else if (request.RedirectUri is null && binding.RedirectUriWasSent)
            context.Reject(Errors.InvalidRequest, OAuthErrors.RedirectUriMissingAtToken);
        else if (request.RedirectUri is not null && request.RedirectUri != binding.RedirectUri)
            context.Reject(Errors.InvalidGrant, OAuthErrors.RedirectUriDiffersAtToken);
        else if (binding.CodeChallenge is null && request.CodeVerifier is not null)
            context.Reject(Errors.InvalidRequest, OAuthErrors.VerifierNotWanted);
        else if (binding.CodeChallenge is not null && request.CodeVerifier is null)
            context.Reject(Errors.InvalidRequest, OAuthErrors.VerifierMissing);
        else if (binding.CodeChallenge is not null && !Proves(request.CodeVerifier!, binding.CodeChallenge))
            context.Reject(Errors.InvalidGrant, OAuthErrors.VerifierWrong);
        else if (await clients.FindByClientIdAsync(code.ClientId, context.CancellationToken) is { } app
            && !await clients.ValidateRedirectUriAsync(app, binding.RedirectUri, context.CancellationToken))
            context.Reject(Errors.InvalidGrant, OAuthErrors.RedirectUriRemoved);
    }

    private static bool Proves(string verifier, string challenge)
        => CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))),
            Encoding.ASCII.GetBytes(challenge));
}

/// <summary>
/// RFC 6749 §4.1.2: a code works once. Used again by its own client it is <c>invalid_grant</c>; within the grace that is a retried request,
/// later a replay, which revokes the one token that the code gave. (The engine revokes on a retry too, and for strangers.)
/// </summary>
internal sealed class CodesWorkOnce(TokenRows rows, TimeProvider time, ILogger<CodesWorkOnce> log)
    : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public async ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        var code = TokensAreReadFromRows.RowOf(context.Transaction);
        var now = time.GetUtcNow();

        if (code.RedeemedAt is { } redeemedAt)
        {
            if (now - redeemedAt <= TokenRows.RetryGrace)
            {
                context.Reject(Errors.InvalidGrant, OAuthErrors.CodeUsed);
                return;
            }

            await rows.RevokeGrantAsync(code, by: "replay");
            OAuthMetrics.CodeReplayed();
            OAuthLog.CodeReplayed(log, code.ClientId, code.GrantId);
            context.Reject(Errors.InvalidGrant, OAuthErrors.CodeReplayed);
        }
        else if (code.Status != TokenStatuses.Valid)
            context.Reject(Errors.InvalidGrant, OAuthErrors.CodeRevoked);
        else if (code.ExpiresAt <= now)
            context.Reject(Errors.InvalidGrant, OAuthErrors.CodeExpired);
        else if (code.AccountSuspended)
            context.Reject(Errors.InvalidGrant, OAuthErrors.AccountSuspended);
    }
}
