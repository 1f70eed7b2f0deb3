namespace Xeno.Portal.Http;

/// <summary>
/// An error in the shape of RFC 6749 §5.2, as all OAuth endpoints answer it: <c>error</c>, <c>error_description</c>, <c>error_uri</c>, and
/// the <c>request_id</c> that the log has.
/// </summary>
internal sealed class OAuthError
{
    private OAuthError(string error, string description, string uri, string requestId)
    {
        ForRedirect = new(StringComparer.Ordinal) { ["error"] = error, ["error_description"] = description, ["error_uri"] = uri };
        ForBody = new(ForRedirect, StringComparer.Ordinal) { ["request_id"] = requestId };
    }

    /// <summary>The members of a JSON body.</summary>
    public Dictionary<string, string> ForBody { get; }

    /// <summary>The parameters of an error that goes back to the app by a redirect (RFC 6749 §4.1.2.1).</summary>
    public Dictionary<string, string> ForRedirect { get; }

    /// <summary>The error of this request.</summary>
    /// <param name="description">What was got, what is wanted and how to fix it: printable ASCII without quotes and backslashes.</param>
    /// <param name="paragraph">The paragraph of the errors page that <c>error_uri</c> names; null: the one named like the error.</param>
    public static OAuthError Of(HttpContext context, PublicOrigin origin, string error, string description, string? paragraph = null)
        => new(error, description, origin.For(context.Request) + PortalUrls.DocsError(paragraph ?? error), context.TraceIdentifier);

    /// <summary>Writes the JSON body; the status is the one that the response has.</summary>
    public Task WriteAsync(HttpContext context) => context.Response.WriteAsJsonAsync(ForBody);
}
