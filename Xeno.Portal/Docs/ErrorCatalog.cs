namespace Xeno.Portal.Docs;

/// <summary>One error as the docs explain it.</summary>
/// <param name="Code">The error code, which is also the paragraph's anchor; what <c>error_uri</c> ends with.</param>
/// <param name="Where">Who answers with it.</param>
/// <param name="Meaning">What it means.</param>
/// <param name="Causes">Why you usually see it.</param>
/// <param name="Mend">What to do.</param>
/// <param name="Example">An answer as it comes.</param>
public sealed record ExplainedError(string Code, string Where, string Meaning, IReadOnlyList<string> Causes, string Mend, string? Example = null);

/// <summary>Every error the server can give. Tests compare it with what the protocol endpoints and the API really answer.</summary>
public static class ErrorCatalog
{
    public static IReadOnlyList<ExplainedError> All { get; } =
    [
        new("unknown-client", "a page at /oauth/authorize",
            "The request names no app that is registered here. Nobody is redirected, because we cannot know whose address it would be.",
            ["client_id is missing or was sent twice.", "It was copied from another app, or cut short.", "The app was deleted."],
            "Copy the Client ID from your app's page."),
        new("unregistered-redirect-uri", "a page at /oauth/authorize",
            "The redirect URI is not registered for the app. Nobody is redirected, because a code must never reach an address that is not yours.",
            ["A slash, a port, a capital letter or a query differs: the comparison is exact, character by character.", "http instead of https.", "The app has several redirect URIs and the request names none."],
            "Signed in as the app's owner you see on that page what was sent beside what is registered, and can add it with one button. Only the port of http://127.0.0.1 and http://[::1] may differ.",
            "GET /oauth/authorize?client_id=xa_…&redirect_uri=https://app.example.com/callback/&scope=widgets\n400, a page; nothing is sent to the app"),
        new("invalid_request", "authorize, token, revoke, introspect, the API",
            "A parameter is missing, is there twice, is too long, is no text, or does not go with the others.",
            ["A required parameter was left out; its name is in error_description.", "The body is JSON: it must be application/x-www-form-urlencoded.", "Credentials or a code were put into the address.", "PKCE: an app without a secret must send code_challenge, with S256.", "The client was authenticated by HTTP Basic and in the body at once."],
            "error_description names the parameter and what is wanted. Parameters have at most 1,024 characters, redirect_uri 2,048, state 4,096.",
            "HTTP/1.1 400 Bad Request\n{\n  \"error\": \"invalid_request\",\n  \"error_description\": \"The parameter code is missing. Send the code that came to your redirect URI.\"\n}"),
        new("invalid_client", "token, revoke, introspect",
            "The app could not prove who it is.",
            ["The Client Secret is wrong, was rotated, and the old one removed.", "There is no client_secret, and the app has one.", "An app without a secret sent one, or tried to introspect."],
            "Reveal the secret on your app's page and compare. By HTTP Basic, form-encode both parts before you join them with a colon.",
            "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Basic realm=\"Xeno\", charset=\"UTF-8\"\n{ \"error\": \"invalid_client\" }"),
        new("invalid_grant", "token",
            "The code cannot be exchanged.",
            ["It was used already: a code works once. Within ten seconds that is taken for a retry and nothing happens; later it is taken for a theft and the token it gave is revoked.", "It is older than five minutes.", "It was issued to another app, or for another redirect URI, or the code_verifier does not fit.", "The account's owner uninstalled the app in between."],
            "Exchange each code once, at once. Otherwise send the person through authorize again.",
            "HTTP/1.1 400 Bad Request\n{ \"error\": \"invalid_grant\", \"error_description\": \"This code was used already; a code works once. …\" }"),
        new("unauthorized_client", "authorize, token",
            "The app is known, but it may not do this now: the portal's operator has suspended it.",
            ["The app broke a rule, or its credentials leaked."],
            "Talk to the operator. Tokens that were valid before are valid again once the app is resumed."),
        new("unsupported_grant_type", "token",
            "Only authorization_code is supported. Access tokens do not expire, so there are no refresh tokens.",
            ["A library asks for refresh_token, client_credentials or password."],
            "Leave grant_type out, or send authorization_code."),
        new("unsupported_response_type", "authorize",
            "Only code is supported: tokens never travel through the browser's address bar.",
            ["A library is set to the implicit or a hybrid flow (token, id_token)."],
            "Leave response_type out, or send code."),
        new("invalid_scope", "authorize",
            "The scope is missing, empty, or names something we do not know.",
            ["The scopes are separated by commas instead of spaces.", "A library adds openid, profile or offline_access by itself.", "A capital letter: scopes are in small letters."],
            "Send any of widgets (also written brands), faqs, contacts, conversations, with spaces between."),
        new("access_denied", "authorize",
            "The person pressed Cancel, or the account is suspended. Nothing was installed.",
            ["They did not want to, or did not understand what your app needs it for."],
            "Tell them what your app does with what it asks for, and ask again only when they want to."),
        new("login_required", "authorize with prompt=none",
            "Nobody is signed in, and prompt=none forbids to show the log-in page.",
            ["The person's session ended."],
            "Send the same request without prompt."),
        new("consent_required", "authorize with prompt=none",
            "The account has not allowed all of this, and prompt=none forbids to ask.",
            ["The app was uninstalled, or it asks for a new scope.", "Apps without a secret are asked for every time."],
            "Send the same request without prompt."),
        new("invalid_token", "the API",
            "The access token opens nothing, or there is none.",
            ["The header Authorization: Bearer is missing.", "The token was revoked, its app was uninstalled or deleted, or app or account are suspended.", "Its code was exchanged a second time."],
            "Forget the token and send the person through authorize again.",
            "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Bearer realm=\"Xeno\", error=\"invalid_token\", …"),
        new("insufficient_scope", "the API",
            "The token is valid, but it does not have the scope that this method needs.",
            ["The person allowed less than your app uses."],
            "Send them through authorize again and ask for the scope named in the header; they are asked for the new one only.",
            "HTTP/1.1 403 Forbidden\nWWW-Authenticate: Bearer realm=\"Xeno\", error=\"insufficient_scope\", …, scope=\"contacts\""),
        new("not_found", "the API",
            "No method has this address, or there is no such thing on the token's account.",
            ["A typing error in the path.", "The version is missing: addresses begin with /api/v1."],
            "Compare the address with the docs."),
        new("method_not_allowed", "the API",
            "The address exists, but it does not take this HTTP method.",
            ["POST where GET is meant."],
            "The header Allow names what it takes."),
        new("server_error", "any endpoint",
            "Something failed on our side. Nothing of your request is at fault.",
            ["A defect, or the database could not be reached."],
            "Try again. If it keeps failing, tell us the request id."),
    ];
}
