namespace Xeno.Portal.Http;

/// <summary>The answer that goes to an app's redirect URI (RFC 6749 §4.1.2, §4.1.2.1, RFC 9207).</summary>
public static class AuthorizationAnswer
{
    /// <summary>The parameters that the portal can add to the redirect URI's query.</summary>
    public static IReadOnlyList<string> Parameters { get; } = ["code", "state", "iss", "error", "error_description", "error_uri"];
}
