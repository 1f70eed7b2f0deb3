using System.Globalization;
using Xeno.Portal.Scopes;

namespace Xeno.Portal.OAuth;

/// <summary>
/// The texts of <c>error_description</c>, all in one place so that they have one style. Each says what was got, what is wanted and how to
/// fix it. RFC 6749 §5.2 allows printable ASCII without <c>"</c> and <c>\</c>: see <see cref="Quote"/>.
/// </summary>
internal static class OAuthErrors
{
    // The shape of a request.
    public const string UnreadableName = "A parameter's name is too long, is not UTF-8 or holds control characters. Send only the "
        + "parameters that the docs name, percent-encoded from UTF-8.";
    public const string BodyTooLarge = "The body is larger than 64 KiB. A request to this endpoint has a handful of short parameters; "
        + "send only those.";
    public const string BodyUnreadable = "The body could not be read to its end. Send it again.";
    public const string PostOnly = "This endpoint takes POST only, with the parameters in a form-encoded body, so that secrets stay "
        + "out of addresses and logs.";

    public static string SentTwice(string name)
        => $"The parameter {Quote(name)} was sent more than once. Send it once (RFC 6749 section 3.1).";

    public static string NotUtf8(string name) => $"The parameter {Quote(name)} is not valid UTF-8. Percent-encode its UTF-8 bytes.";

    public static string ControlCharacters(string name)
        => $"The parameter {Quote(name)} holds control characters, such as a line break or NUL. Leave them out.";

    public static string TooLong(string name, int length, int longest, string unit) => string.Create(CultureInfo.InvariantCulture,
        $"The parameter {Quote(name)} has {length} {unit}; at most {longest} are taken. "
        + $"Shorten it; keep large data on your side under a short key.");

    public static string WrongContentType(string? contentType) => contentType is { Length: > 0 }
        ? $"The body's Content-Type is {Quote(contentType)}; send application/x-www-form-urlencoded (not JSON, not multipart)."
        : "The request has no Content-Type; send a form-encoded body with Content-Type: application/x-www-form-urlencoded.";

    public static string InQueryString(string name)
        => $"The parameter {Quote(name)} was sent in the query string, where logs and histories keep it. "
        + "Send it in the form-encoded body instead"
        + (name is "client_secret" or "code" or "token" ? ", and treat the value you sent as leaked." : ".");

    public const string PackedUnreadable = "The address of this request was cut or changed on its way, so it "
        + "cannot be read. Go back to the app and start again.";

    // Limits.
    public static string TooManyRequests(TimeSpan wait)
        => $"Too many requests. Wait {Limits.TooManyRequests.InWords(wait)} (the header Retry-After has the seconds), send this one "
        + "again, and spread the next ones out.";

    public static string TooManyWrongSecrets(TimeSpan wait)
        => $"Too many wrong secrets for this app came from this address. Wait {Limits.TooManyRequests.InWords(wait)} (the header "
        + "Retry-After has the seconds), and send the Client Secret from your app's page.";

    // Client authentication.
    public const string MissingClientId = "The parameter client_id is missing. Send the Client ID from your app's page, in the body or "
        + "by HTTP Basic.";
    public const string UnknownClient = "No app has this client_id. Compare it with the Client ID on your app's page; the app may also "
        + "have been deleted.";
    public const string MissingSecret = "This app has a Client Secret, and the request has none. Send client_secret in the body, or "
        + "client_id and client_secret by HTTP Basic.";
    public const string SecretNotWanted = "This app has no Client Secret, and the request sends one. Leave client_secret out and prove "
        + "the request with code_verifier (PKCE).";
    public const string WrongSecret = "The client_secret is not the one of this app. Reveal it on your app's page and compare; after a "
        + "rotation and the removal of the old secret only the new one works.";
    public const string BasicMalformed = "The Authorization header is no valid HTTP Basic: send Basic and the Base64 of "
        + "client_id:client_secret, each form-encoded first (RFC 6749 section 2.3.1).";
    public const string TwoAuthentications = "The client is authenticated twice: by HTTP Basic and by client_secret in the body. Use "
        + "one of the two (RFC 6749 section 2.3).";
    public const string TwoClients = "HTTP Basic names one client and client_id in the body another. Send the same Client ID, or leave "
        + "client_id out of the body.";
    public const string AppSuspended = "This app is suspended by the portal's operator: it can neither be installed nor get tokens "
        + "until it is resumed.";
    public const string AssertionsNotTaken = "Client assertions are not supported. Authenticate with client_id and client_secret.";
    public const string AuthenticationNeeded = "Only apps with a Client Secret may introspect tokens: the caller must authenticate "
        + "(RFC 7662 section 2.1).";

    // The authorization request.
    public const string MissingRedirectUri = "The parameter redirect_uri is missing, and this app has several registered. Send the one "
        + "to return to.";
    public const string NoRedirectUriRegistered = "This app has no redirect URI registered. Add one on the app's page.";
    public static string UnregisteredRedirectUri(string? difference) => "The redirect_uri is not registered for this app. "
        + (difference is null
            ? "It must be exactly one of the app's redirect URIs, character by character."
            : "It misses a registered one by a little: " + difference);
    public const string RequestObjectsNotTaken = "Request objects (the parameters request and request_uri) are not supported. Send the "
        + "parameters themselves.";
    public const string ChallengeRequired = "This app has no Client Secret, so PKCE is required: send code_challenge and "
        + "code_challenge_method=S256 (RFC 7636).";
    public const string ChallengeMalformed = "The code_challenge is no S256 challenge: it must be the 43 characters of "
        + "BASE64URL(SHA256(code_verifier)) (RFC 7636 section 4.2).";
    public const string MethodWithoutChallenge = "There is a code_challenge_method but no code_challenge. Send both, or neither.";
    public const string PromptNoneAlone = "The prompt value none cannot be combined with others. Send it alone, or leave it out.";
    public const string LoginRequired = "No account is signed in, and prompt=none forbids to show the log-in page. Send the request again "
        + "without prompt.";
    public const string ConsentRequired = "The account has not allowed all of this yet, and prompt=none forbids to ask. Send the "
        + "request again without prompt.";
    public const string AccessDenied = "The account's owner did not allow it. Nothing was installed; ask again only when they ask you to.";

    public static string TooManyTokens(int most) => string.Create(CultureInfo.InvariantCulture,
        $"This app has {most} access tokens for this account already, and gets no further one. Tokens do not expire: keep the one that you "
        + $"got and use it again. Revoke those that are not used any more at {PortalUrls.Revoke}.");

    public const string AccountSuspended = "The account is suspended, so no app can be installed on it. Send "
        + "the user through authorize again when the account is resumed.";

    public static string UnsupportedResponseType(string got)
        => $"The response_type is {Quote(got)}; only code is supported. Send response_type=code, or leave it out.";

    public static string UnsupportedResponseMode(string got)
        => $"The response_mode is {Quote(got)}; answers go to the redirect URI's query. Send response_mode=query, or leave it out.";

    public static string UnsupportedChallengeMethod(string? got) => got is null
        ? "The code_challenge_method is missing, which would mean plain; only S256 is supported. Send code_challenge_method=S256."
        : $"The code_challenge_method is {Quote(got)}; only S256 is supported.";

    public static string MissingScope
        => $"The parameter scope is missing or empty. Name what the app needs, with a space between, of: {ScopeCatalog.Names}.";

    public const string NoOpenIdConnect = "There is no OpenID Connect here: leave openid, profile and email out of scope. Whose account it "
        + $"is says GET {PortalUrls.ApiMe}, with any access token.";

    public const string OfflineAccessAlone = "The scope offline_access changes nothing here, because tokens do not expire. Name the data "
        + "that the app needs: see scopes_supported in the server's metadata.";

    public static string ScopeSpelling(string corrected)
        => $"The scope is not spelled as it must be: names in small letters, one space between, no commas or plus signs. "
        + $"Send {corrected.Replace(" ", "%20", StringComparison.Ordinal)} in an address, which stands for {Quote(corrected)}.";

    public static string UnknownScope(IReadOnlyList<string> names) => names.Count == 1
        ? $"The scope {Quote(names[0])} is not known here. Known are: {ScopeCatalog.Names}."
        : $"The scopes {string.Join(' ', names.Take(5).Select(Quote))} are not known here. Known are: {ScopeCatalog.Names}.";

    // The token request.
    public const string MissingCode = "The parameter code is missing. Send the code that came to your redirect URI.";
    public const string UnknownCode = "This code is not known: it was never issued, it was used or expired some time ago, or it was cut on "
        + "its way. If your app has the token of this code, use it; otherwise send the user through authorize again.";
    public const string CodeOfAnotherClient = "This code was issued to another app. Send the Client ID that started the authorization.";
    public const string CodeExpired = "This code has expired. Exchange a code as soon as it arrives, and send the user through "
        + "authorize again.";
    public const string CodeUsed = "This code was used already; a code works once. If your app asked twice, use the token that it got the "
        + "first time; if it has none, send the user through authorize again.";
    public const string CodeReplayed = "This code was used already, more than ten seconds ago, and no code_verifier shows that your app "
        + "itself asks again. The code may have been stolen, so the token that it gave is revoked now. Send the user through authorize "
        + "again, and exchange each code once.";
    public const string CodeUsedAndTokenEnded = "This code was used already, and the token that it gave is no longer valid. Send the user "
        + "through authorize again.";
    public const string CodeRevoked = "This code was withdrawn: the account's owner uninstalled the app in the meantime. Send the user "
        + "through authorize again if they want it back.";
    public const string RedirectUriMissingAtToken = "The authorize request had a redirect_uri, so the token request needs the same one "
        + "(RFC 6749 section 4.1.3).";
    public static string RedirectUriDiffersAtToken(string? difference)
        => "The redirect_uri is not the one that the authorize request used. "
            + (difference is null ? "Send exactly the same string." : "It misses that one by a little: " + difference);

    public const string RedirectUriRemoved = "The redirect URI that this code was sent to is no longer registered for this app. Send "
        + "the user through authorize again with one that is.";
    public const string VerifierMissing = "The authorize request had a code_challenge, so the token request needs its code_verifier "
        + "(RFC 7636 section 4.5).";
    public const string VerifierNotWanted = "There is a code_verifier, but the authorize request had no code_challenge. Send the "
        + "challenge there, or leave the verifier out.";
    public const string VerifierWrong = "The code_verifier does not fit the code_challenge of the authorize request: "
        + "BASE64URL(SHA256(code_verifier)) must be the challenge.";

    public const string VerifierCharacters = "The code_verifier holds characters other than A-Z, a-z, 0-9, hyphen, period, underscore "
        + "and tilde (RFC 7636 section 4.1). Make a new one for each authorize request: BASE64URL of 32 random bytes.";

    public static string VerifierLength(int length) => string.Create(CultureInfo.InvariantCulture,
        $"The code_verifier has {length} characters; it must have 43 to 128 (RFC 7636 section 4.1). "
        + $"Make a new one for each authorize request: BASE64URL of 32 random bytes.");

    public static string UnsupportedGrantType(string got)
        => $"The grant_type is {Quote(got)}; only authorization_code is supported. Access tokens do not expire, so there is nothing to "
        + "refresh.";

    // Revocation and introspection.
    public const string MissingToken = "The parameter token is missing. Send the access token itself in the body.";

    // Anything else.
    public const string Unexpected = "The request could not be handled as it is. Compare it with the docs.";

    /// <summary>
    /// A value of a request, safe to print inside a description: at most 60 characters, printable ASCII, no quotes or backslashes
    /// (RFC 6749 §5.2).
    /// </summary>
    public static string Quote(string text)
    {
        var printable = string.Concat(text.Take(60).Select(c => c is < ' ' or > '~' or '"' or '\\' ? '?' : c));
        return text.Length > 60 ? $"'{printable}...'" : $"'{printable}'";
    }
}
