namespace Xeno.Portal.OAuth;

/// <summary>What the error page shows about a request that must not be redirected (RFC 6749 §4.1.2.1).</summary>
/// <param name="Error">The error code.</param>
/// <param name="Description">What was got, what is wanted and how to fix it, for the developer.</param>
/// <param name="ErrorUri">Where the docs explain it.</param>
/// <param name="AppName">The app, when its Client ID is known.</param>
/// <param name="ClientId">The Client ID that was sent, if it was readable.</param>
/// <param name="SentRedirectUri">The redirect URI that was sent, if it was readable.</param>
/// <param name="IsOwner">Whether the app's owner is signed in.</param>
/// <param name="RegisteredRedirectUris">What is registered; shown to the owner only.</param>
/// <param name="RequestUrl">The same request, to try again after the app was corrected.</param>
/// <param name="RequestId">The id of this request in the log.</param>
/// <param name="Unread">What could not be read, so that nothing is known of the request: a link or a form. Null: it was read.</param>
public sealed record AuthorizationRefusal(
    string Error, string Description, string? ErrorUri, string? AppName, string? ClientId, string? SentRedirectUri, bool IsOwner,
    IReadOnlyList<string> RegisteredRedirectUris, string? RequestUrl, string RequestId, string? Unread);
