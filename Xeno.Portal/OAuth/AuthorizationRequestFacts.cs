using Xeno.Portal.Data.Apps;

namespace Xeno.Portal.OAuth;

/// <summary>What the rules have found out about the authorization request at hand, kept with the HTTP request.</summary>
internal sealed class AuthorizationRequestFacts
{
    public required RequestParameters Parameters { get; init; }

    /// <summary>The app, once its Client ID was found.</summary>
    public RegisteredApp? App { get; set; }

    /// <summary>
    /// Where answers go, once it was found registered. Until then nothing is redirected anywhere; from then on every error goes back to the
    /// app (RFC 6749 §4.1.2.1).
    /// </summary>
    public string? TrustedRedirectUri { get; set; }

    /// <summary>Whether the request itself named the redirect URI, so that the token request must too (RFC 6749 §4.1.3).</summary>
    public bool RedirectUriWasSent => Parameters.Values.ContainsKey("redirect_uri");

    /// <summary>Whether the account is not asked, because it has allowed the same before.</summary>
    public bool IsRemembered { get; set; }

    /// <summary>The app's redirect URIs, for the page that tells its owner what was sent beside what is registered.</summary>
    public IReadOnlyList<string> RegisteredRedirectUris { get; set; } = [];

    /// <summary>The paragraph of the errors page for a refusal that stays here; null: the one named like the error.</summary>
    public string? RefusalAnchor { get; set; }

    public static AuthorizationRequestFacts Of(HttpContext context)
        => context.Features.Get<AuthorizationRequestFacts>()
           ?? throw new InvalidOperationException("The authorization request has not been read yet.");
}
