using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using OpenIddict.Core;
using OpenIddict.Server;
using Xeno.Portal.Data.Apps;
using Xeno.Portal.OAuth.Rules.Shared;
using Xeno.Portal.Telemetry;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Token;

/// <summary>
/// RFC 6749 §4.1.3, RFC 7636 §4.6: a code works for the client it was issued to, with the redirect URI and the code verifier of its
/// authorization request. A mismatch neither reveals nor consumes the code: whether it was used is checked after this rule. A verifier that
/// RFC 7636 §4.1 does not allow is a mismatch even if its challenge fits: a short one can be guessed. A redirect URI that was removed from
/// the app since gives no token either: somebody else may have the address now, and with it the code.
/// </summary>
internal sealed class CodeBoundToRequest(OpenIddictApplicationManager<RegisteredApp> clients)
    : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    // In characters, RFC 7636 §4.1.
    private const int ShortestVerifier = 43;
    private const int LongestVerifier = 128;

    private const string SentAtAuthorize = "the redirect_uri of the authorize request";

    private static readonly SearchValues<char> s_unreserved
        = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    public async ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        var request = context.Request;
        var code = ReadCodeOrTokenRow.RowOf(context.Transaction);
        var binding = code.Binding!;

        if (code.ClientId != context.ClientId)
            context.Refuse(Errors.InvalidGrant, OAuthErrors.CodeOfAnotherClient);
        else if (request.RedirectUri is null && binding.RedirectUriWasSent)
            context.Refuse(Errors.InvalidRequest, OAuthErrors.RedirectUriMissingAtToken, SentAtAuthorize);
        else if (request.RedirectUri is not null && request.RedirectUri != binding.RedirectUri)
            context.Refuse(Errors.InvalidGrant, OAuthErrors.RedirectUriDiffersAtToken(
                RedirectUriMiss.Explain([binding.RedirectUri], request.RedirectUri)), SentAtAuthorize, request.RedirectUri);
        else if (binding.CodeChallenge is null && request.CodeVerifier is not null)
            context.Refuse(Errors.InvalidRequest, OAuthErrors.VerifierNotWanted);
        else if (binding.CodeChallenge is not null && request.CodeVerifier is null)
            context.Refuse(Errors.InvalidRequest, OAuthErrors.VerifierMissing);
        else if (binding.CodeChallenge is not null && (request.CodeVerifier!.Length is < ShortestVerifier or > LongestVerifier))
            context.Refuse(Errors.InvalidGrant, OAuthErrors.VerifierLength(request.CodeVerifier.Length));
        else if (binding.CodeChallenge is not null && request.CodeVerifier.AsSpan().ContainsAnyExcept(s_unreserved))
            context.Refuse(Errors.InvalidGrant, OAuthErrors.VerifierCharacters);
        else if (binding.CodeChallenge is not null && !Proves(request.CodeVerifier!, binding.CodeChallenge))
            context.Refuse(Errors.InvalidGrant, OAuthErrors.VerifierWrong);
        else if (await clients.FindByClientIdAsync(code.ClientId, context.CancellationToken) is { } app
            && !await clients.ValidateRedirectUriAsync(app, binding.RedirectUri, context.CancellationToken))
            context.Refuse(Errors.InvalidGrant, OAuthErrors.RedirectUriRemoved);
        else
        {
            // Not earlier: an app that cannot use the code must not learn whose account it is for.
            var facts = context.Http().Facts();
            (facts.AccountId, facts.Scopes) = (code.AccountId, code.Scopes.ToString());
        }
    }

    private static bool Proves(string verifier, string challenge)
        => CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))),
            Encoding.ASCII.GetBytes(challenge));
}
