namespace Xeno.Portal.Docs;

/// <summary>One error, as the docs explain it.</summary>
/// <param name="Code">The error code. It is also the anchor of the paragraph, which <c>error_uri</c> points to.</param>
/// <param name="Where">The endpoints that answer with it.</param>
/// <param name="Meaning">What it means.</param>
/// <param name="Causes">Why you usually see it.</param>
/// <param name="Fix">What to do.</param>
/// <param name="Example">An example of the answer; null: none.</param>
public sealed record ExplainedError(
    string Code, string Where, string Meaning, IReadOnlyList<string> Causes, string Fix, string? Example = null);

/// <summary>Every error of the server. Tests compare it with the errors that the protocol endpoints and the API answer with.</summary>
public static class ErrorCatalog
{
    public static IReadOnlyList<ExplainedError> All { get; } =
    [
        new("unknown-client", "a page at /oauth/authorize",
            "The request names no app, or none that is registered here. The browser is not sent back, because the portal cannot know whose "
            + "address it would be.",
            [
                "client_id is missing, or was sent twice, or the address was cut before it.",
                "It was copied from another app, or is incomplete.",
                "The app was deleted.",
            ],
            "Copy the Client ID from your app's page."),
        new("unregistered-redirect-uri", "a page at /oauth/authorize",
            "The redirect URI is not registered for the app. The browser is not sent back, because a code must never reach an address that "
            + "is not yours.",
            [
                "A slash, a port, a capital letter, a percent-encoding or a query differs: the comparison is exact, character by "
                + "character. Where one thing differs, the page names it.",
                "http instead of https, or localhost instead of 127.0.0.1.",
                "An & in its query was not percent-encoded, so the rest became parameters of the request.",
                "The app has several redirect URIs and the request names none.",
            ],
            "If you are signed in as the app's owner, that page shows what was sent beside what is registered, and has a button to add it. "
            + "Only the port of http://127.0.0.1 and http://[::1] may differ.",
            """
            GET /oauth/authorize?client_id=xa_…&redirect_uri=https://app.example.com/callback/&scope=widgets
            400, a page; nothing is sent to the app
            """),
        new("invalid_request", "authorize, token, revoke, introspect, the API",
            "A parameter is missing, was sent twice, is too long, is not valid text, or does not fit the other parameters.",
            [
                "A required parameter is missing; error_description has its name.",
                "The body is JSON: it must be application/x-www-form-urlencoded.",
                "Credentials or a code were put into the address.",
                "PKCE: an app without a secret must send code_challenge, with S256.",
                "The client authenticated by HTTP Basic and in the body in one request.",
                "The page says that the link was cut or changed: a long request is packed into one parameter on the way through log-in, "
                + "and was not whole any more. Start it again.",
                "The address exists, but does not take this HTTP method: the header Allow lists those that it takes.",
            ],
            "error_description names the parameter and what is expected. Parameters have at most 1,024 characters, redirect_uri 2,048, "
            + "state 4,096 bytes of UTF-8.",
            """
            HTTP/1.1 400 Bad Request
            {
              "error": "invalid_request",
              "error_description": "The parameter code is missing. Send the code that came to your redirect URI."
            }
            """),
        new("invalid_client", "token, revoke, introspect",
            "The app could not prove who it is.",
            [
                "The Client Secret is wrong, or it was rotated and then removed.",
                "There is no client_secret, and the app has one.",
                "An app without a secret sent one, or tried to introspect.",
            ],
            "Reveal the secret on your app's page and compare. By HTTP Basic, form-encode both parts before you join them with a colon.",
            """
            HTTP/1.1 401 Unauthorized
            WWW-Authenticate: Basic realm="Xeno", charset="UTF-8"
            { "error": "invalid_client" }
            """),
        new("invalid_grant", "token",
            "The code cannot be exchanged.",
            [
                "It was used already: a code works once. Your app most likely asked twice if it asks within ten seconds, with the right "
                + "code_verifier, or after the five minutes; then the token that it has stays valid. Otherwise the code may have been "
                + "stolen, and the token that it gave is revoked.",
                "It is older than five minutes.",
                "It was issued to another app, or for another redirect URI, or the code_verifier is wrong.",
                "The code_verifier has fewer than 43 or more than 128 characters, or characters other than letters, digits and -._~ "
                + "(RFC 7636).",
                "The account's owner uninstalled the app in between, or the account is suspended.",
            ],
            "Exchange each code once, at once. If your app asked twice, use the token that it got the first time; otherwise send the "
            + "person through authorize again. With PKCE a repeated request never costs the token.",
            """
            HTTP/1.1 400 Bad Request
            { "error": "invalid_grant", "error_description": "This code was used already; a code works once. …" }
            """),
        new("unauthorized_client", "authorize, token",
            "The app is known, but it may not do this now: the portal's operator has suspended it.",
            ["The app broke a rule, or its credentials leaked."],
            "Talk to the operator. Once the app is resumed, the tokens that it had work again."),
        new("unsupported_grant_type", "token",
            "Only authorization_code is supported. Access tokens do not expire, so there are no refresh tokens.",
            ["A library asks for refresh_token, client_credentials or password."],
            "Leave grant_type out, or send authorization_code."),
        new("unsupported_response_type", "authorize",
            "Only code is supported: tokens never travel through the browser's address bar.",
            ["A library is set to the implicit or a hybrid flow (token, id_token)."],
            "Leave response_type out, or send code."),
        new("invalid_scope", "authorize",
            "The scope is missing, empty, or contains a name that is not a scope.",
            [
                "The scopes are separated by commas or plus signs instead of spaces; error_description has the corrected value.",
                "A library adds openid, profile or email by itself: there is no OpenID Connect here. offline_access is ignored.",
                "A capital letter: scopes are in small letters.",
            ],
            "Send any of widgets (also written brands), faqs, contacts, conversations, with spaces between (%20 in an address): "
            + "scope=widgets%20contacts."),
        new("temporarily_unavailable", "authorize, token, revoke, introspect; with 503 the API too",
            "The server cannot answer the request now. Status 429: there were too many requests from your address or of your app, or too "
            + "many wrong secrets. Status 503: the server's database did not answer for a moment.",
            [
                "A loop without a pause, or many workers that start at the same second.",
                "An old Client Secret in one of several deployments.",
                "Maintenance of the portal.",
            ],
            "Wait as many seconds as the header Retry-After says, then send the same request again. A code that was not exchanged is still "
            + "good until it expires.",
            """
            HTTP/1.1 429 Too Many Requests
            Retry-After: 3
            { "error": "temporarily_unavailable", "error_description": "Too many requests. Wait a few seconds …" }
            """),
        new("too_many_requests", "the API",
            "More calls a minute came with this token than the server allows, or, without a valid token, from this address.",
            [
                "A loop without a pause, or a list that is read again and again instead of being kept.",
                "Calls go on with a token that was revoked.",
            ],
            "Wait as many seconds as the header Retry-After says, then spread the calls out.",
            """
            HTTP/1.1 429 Too Many Requests
            Retry-After: 1
            Content-Type: application/problem+json
            """),
        new("access_denied", "authorize",
            "The person pressed Cancel, or your app has as many tokens for the account as it may have. Nothing was installed.",
            [
                "They did not want to, or did not understand what your app needs it for.",
                "Your app asks for a new token at each visit instead of keeping the one that it got: tokens do not expire.",
            ],
            "Explain what your app does with each scope, and ask again only when they want to. Keep each token, and revoke those that you "
            + "do not use."),
        new("login_required", "authorize with prompt=none",
            "No account is signed in, and with prompt=none the log-in page must not be shown.",
            ["The person's session ended."],
            "Send the same request without prompt."),
        new("consent_required", "authorize with prompt=none",
            "The account has not allowed all of this, and with prompt=none the consent page must not be shown.",
            [
                "The app was uninstalled, or it asks for a new scope.",
                "For an app without a secret, people are asked every time.",
            ],
            "Send the same request without prompt."),
        new("invalid_token", "the API",
            "The access token is not valid, or there is none.",
            [
                "The header Authorization: Bearer is missing.",
                "The token was revoked, its app was uninstalled or deleted, or the app or the account is suspended.",
                "Its code was sent a second time, more than ten seconds after the first and without PKCE, so it may have been stolen.",
            ],
            "Delete the token and send the person through authorize again.",
            """
            HTTP/1.1 401 Unauthorized
            WWW-Authenticate: Bearer realm="Xeno", error="invalid_token", …
            """),
        new("insufficient_scope", "the API",
            "The token is valid, but it does not have the scope that this method needs.",
            ["The person allowed less than your app uses."],
            "Send them through authorize again, and ask for the scope that the header names; they are asked for the new one only.",
            """
            HTTP/1.1 403 Forbidden
            WWW-Authenticate: Bearer realm="Xeno", error="insufficient_scope", …, scope="contacts"
            """),
        new("not_found", "the API; below /oauth and /.well-known too",
            "Nothing has this address, or the token's account has nothing with this id.",
            [
                "A typing error in the path.",
                "The version is missing: addresses begin with /api/v1.",
            ],
            "Compare the address with the docs. The server's metadata, /.well-known/oauth-authorization-server, has the addresses of the "
            + "OAuth endpoints."),
        new("method_not_allowed", "the API",
            "The address exists, but not with this HTTP method.",
            ["POST instead of GET."],
            "The header Allow lists the methods."),
        new("server_error", "any endpoint",
            "Something failed on the server. Your request is not the cause.",
            ["A defect of the portal. Its log has the request by its id."],
            "Try again. If it keeps failing, tell us the request_id of the answer, which is also in its header X-Request-Id."),
    ];
}
