using Xeno.Portal.Data.Apps;

namespace Xeno.Portal.OAuth;

/// <summary>What the rules learned about an authorization request; kept with the HTTP request.</summary>
internal sealed class AuthorizationRequestFacts
{
    public required RequestParameters Parameters { get; init; }

    /// <summary>The app, once its Client ID was found.</summary>
    public RegisteredApp? App { get; set; }

    /// <summary>
    /// Where answers go, set when it was found registered. Before, nothing is redirected; after, every error goes back to the app
    /// (RFC 6749 §4.1.2.1).
    /// </summary>
    public string? TrustedRedirectUri { get; set; }

    /// <summary>Whether the request itself had a redirect URI; then the token request needs the same (RFC 6749 §4.1.3).</summary>
    public bool RedirectUriWasSent => Parameters.Values.ContainsKey("redirect_uri");

    /// <summary>Whether the account is not asked, because it has allowed the same before.</summary>
    public bool IsRemembered { get; set; }

    /// <summary>The code that the answer carries, once it is issued.</summary>
    public string? Code { get; set; }

    /// <summary>The app's redirect URIs, for the error page that shows its owner what was sent beside what is registered.</summary>
    public IReadOnlyList<string> RegisteredRedirectUris { get; set; } = [];

    /// <summary>The paragraph of the errors page for a refusal that is not redirected; null: the one with the name of the error.</summary>
    public string? ErrorParagraph { get; set; }

    public static AuthorizationRequestFacts Of(HttpContext context)
        => context.Features.Get<AuthorizationRequestFacts>()
           ?? throw new InvalidOperationException("The authorization request has not been read yet.");
}
