using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Xeno.Portal.OAuth.Rules.Authorize;

/// <summary>
/// PKCE with <c>S256</c> alone (RFC 7636 §4.2, RFC 9700 §2.1.1): optional for apps with a secret, required for apps without one.
/// </summary>
internal sealed class PkceS256 : AuthorizationRule
{
    // BASE64URL of the 32 bytes of a SHA-256 hash, without padding.
    private const int ChallengeLength = 43;

    protected override Refusal? Judge(OpenIddictRequest request, AuthorizationRequestFacts facts)
    {
        if (request.CodeChallenge is null)
        {
            if (request.CodeChallengeMethod is not null)
                return new(Errors.InvalidRequest, OAuthErrors.MethodWithoutChallenge);
            return facts.App!.ClientType == ClientTypes.Public ? new(Errors.InvalidRequest, OAuthErrors.ChallengeRequired) : null;
        }

        if (request.CodeChallengeMethod != CodeChallengeMethods.Sha256)
            return new(Errors.InvalidRequest, OAuthErrors.UnsupportedChallengeMethod(request.CodeChallengeMethod),
                Expected: CodeChallengeMethods.Sha256, Got: request.CodeChallengeMethod);
        return request.CodeChallenge.Length == ChallengeLength
            && request.CodeChallenge.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? null
            : new(Errors.InvalidRequest, OAuthErrors.ChallengeMalformed);
    }
}
