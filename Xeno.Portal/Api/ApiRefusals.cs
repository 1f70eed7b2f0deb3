using Xeno.Portal.Scopes;

namespace Xeno.Portal.Api;

/// <summary>A refusal of RFC 6750 §3.1.</summary>
/// <param name="HasToken">Whether the request brought a token. If it did not, the challenge says nothing of an error.</param>
internal sealed record ApiRefusal(
    int Status, string Error, string Title, string Description, string? Scope = null, bool HasToken = true)
{
    /// <summary>The <c>WWW-Authenticate</c> value, with the address of the metadata (RFC 9728 §5.1).</summary>
    public string Challenge(string origin)
        => "Bearer realm=\"Xeno\""
           + (HasToken
               ? $", error=\"{Error}\", error_description=\"{Description}\", error_uri=\"{origin}{PortalUrls.DocsError(Error)}\""
               : "")
           + (Scope is null ? "" : $", scope=\"{Scope}\"")
           + $", resource_metadata=\"{origin}{PortalUrls.ApiMetadata}\"";
}

/// <summary>Every refusal of a token. The words go into a header, so they hold no quotes.</summary>
internal static class ApiRefusals
{
    public static ApiRefusal NoToken { get; } = new(StatusCodes.Status401Unauthorized, "invalid_token", "A token is needed",
        "The request has no access token. Send the header Authorization: Bearer and the token.", HasToken: false);

    public static ApiRefusal InvalidToken { get; } = new(StatusCodes.Status401Unauthorized, "invalid_token", "The token is not valid",
        "The access token is unknown, or it was revoked, or its app was uninstalled or suspended. Send the user through authorize again.");

    public static ApiRefusal TokenInQuery { get; } = new(
        StatusCodes.Status400BadRequest, "invalid_request", "The token came in the address",
        "The access token came in the query string, where logs and histories keep it. "
        + "Send it in the header Authorization: Bearer, and revoke this one.");

    public static ApiRefusal SeveralTokens { get; } = new(StatusCodes.Status400BadRequest, "invalid_request", "Several tokens",
        "The request has more than one Authorization header. Send one.");

    public static ApiRefusal InsufficientScope(Scope scope) => new(
        StatusCodes.Status403Forbidden, "insufficient_scope", "The token does not open this",
        $"The access token does not have the scope {scope.Name}. Send the user through authorize again and ask for it.", scope.Name);
}
