namespace Xeno.Portal;

/// <summary>
/// All addresses of the portal. Pages and services link by these; a test compares them with the <c>@page</c> literals.
/// </summary>
public static class PortalUrls
{
    public const string Home = "/";

    public const string Register = "/account/register";
    public const string Login = "/account/login";
    public const string Logout = "/account/logout";
    public const string Prove = "/account/prove";
    public const string Manage = "/account/manage";
    public const string ManagePassword = "/account/manage/password";
    public const string ManageSessions = "/account/manage/sessions";
    public const string ManageActivity = "/account/manage/activity";

    /// <summary>Where a script asks about a new password while somebody types it.</summary>
    public const string PasswordCheck = "/account/password-check";

    /// <summary>
    /// Where a password manager looks for the page that changes the password (W3C, A Well-Known URL for Changing Passwords).
    /// </summary>
    public const string ChangePassword = "/.well-known/change-password";

    public const string Apps = "/apps";
    public const string NewApp = "/apps/new";
    public const string AppTemplate = "/apps/{ClientId}";
    public const string AddRedirectUriTemplate = "/apps/{clientId}/redirect-uris";

    public const string Installed = "/installed";

    public const string Playground = "/playground";
    public const string PlaygroundCallback = "/playground/callback";

    public const string Docs = "/docs";
    public const string DocsErrors = "/docs/errors";

    /// <summary>The mails in the folder of mails. In Development only.</summary>
    public const string DevMails = "/dev/mail";

    public const string DevMailTemplate = "/dev/mail/{Id}";
    public const string DevMailHtmlTemplate = "/dev/mail/{id}/html";

    public const string NotFound = "/not-found";
    public const string Error = "/error";

    /// <summary>What the addresses of the protocol endpoints begin with.</summary>
    public const string OAuth = "/oauth";

    public const string Authorize = "/oauth/authorize";
    public const string Token = "/oauth/token";
    public const string Revoke = "/oauth/revoke";
    public const string Introspect = "/oauth/introspect";
    public const string WellKnown = "/.well-known";
    public const string ServerMetadata = "/.well-known/oauth-authorization-server";

    /// <summary>What the addresses of the API begin with, in every version of it.</summary>
    public const string EveryApi = "/api";

    public const string Api = "/api/v1";
    public const string ApiMe = "/api/v1/me";

    /// <summary>The metadata of the API, whose path follows the well-known part (RFC 9728 §3.1).</summary>
    public const string ApiMetadata = "/.well-known/oauth-protected-resource/api/v1";

    /// <summary>The metadata of the portal's origin as a whole, for clients that look for it there.</summary>
    public const string OriginMetadata = "/.well-known/oauth-protected-resource";

    /// <summary>The connections of interactive pages: where the framework takes them, and where their scripts negotiate.</summary>
    public const string Circuits = "/_blazor";

    // The pages that a browser passes on its way from an app and back to it.
    private static readonly PathString[] s_onTheWayToAnApp = [Authorize, Login, Register, Prove];

    /// <summary>
    /// Whether a browser may pass this page on its way from an app and back to it. The app may have opened the page in a popup and wait for
    /// its answer there, and the page's form may lead to the app's redirect URI and on to anywhere.
    /// </summary>
    public static bool IsOnTheWayToAnApp(PathString path) => IsBelow(path, s_onTheWayToAnApp);

    /// <summary>Whether <paramref name="path"/> is one of these, or below one of them.</summary>
    public static bool IsBelow(PathString path, ReadOnlySpan<PathString> tops)
    {
        foreach (var top in tops)
            if (path.StartsWithSegments(top))
                return true;
        return false;
    }

    /// <summary>The page of one app, for its owner.</summary>
    public static string App(string clientId) => $"/apps/{Uri.EscapeDataString(clientId)}";

    /// <summary>Where the form posts that registers one more redirect URI of an app.</summary>
    public static string AddRedirectUri(string clientId) => $"{App(clientId)}/redirect-uris";

    /// <summary>One mail of the folder of mails.</summary>
    public static string DevMail(string id) => $"{DevMails}/{Uri.EscapeDataString(id)}";

    /// <summary>The HTML version of that mail, as a document of its own.</summary>
    public static string DevMailHtml(string id) => $"{DevMail(id)}/html";

    /// <summary>The paragraph of the errors page that explains <paramref name="error"/>; what <c>error_uri</c> points to.</summary>
    public static string DocsError(string error) => $"{DocsErrors}#{error}";

    /// <summary>The log-in page, leading back to <paramref name="returnUrl"/> (an address of this site).</summary>
    /// <param name="returnUrl">Where to go then.</param>
    /// <param name="again">Asks somebody who is signed in too: to log in again, or as somebody else. Otherwise they are led on.</param>
    public static string LoginThen(string returnUrl, bool again = false) => SignInThen(Login, returnUrl, again);

    /// <summary>The page "Is it still you?", leading back to <paramref name="returnUrl"/> (an address of this site).</summary>
    public static string ProveThen(string returnUrl) => $"{Prove}?returnUrl={Uri.EscapeDataString(returnUrl)}";

    /// <summary>The register page, leading on to <paramref name="returnUrl"/> (an address of this site).</summary>
    /// <param name="returnUrl">Where to go then.</param>
    /// <param name="again">Shows the form to somebody who is signed in too. Otherwise they are led on.</param>
    public static string RegisterThen(string returnUrl, bool again = false) => SignInThen(Register, returnUrl, again);

    private static string SignInThen(string page, string returnUrl, bool again)
        => $"{page}?{(again ? "again=true&" : "")}returnUrl={Uri.EscapeDataString(returnUrl)}";
}
