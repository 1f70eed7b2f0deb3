namespace Xeno.Portal.OAuth;

/// <summary>What the error page says about a request that must not be redirected anywhere (RFC 6749 §4.1.2.1).</summary>
/// <param name="Error">The protocol's error code.</param>
/// <param name="Description">What was got, what is wanted and how to mend it, for the developer.</param>
/// <param name="ErrorUri">Where the docs explain it.</param>
/// <param name="AppName">The app, when its Client ID is known.</param>
/// <param name="ClientId">The Client ID that was sent, if it was readable.</param>
/// <param name="SentRedirectUri">The redirect URI that was sent, if it was readable.</param>
/// <param name="IsOwner">Whether the app's developer is looking.</param>
/// <param name="RegisteredRedirectUris">What is registered; shown to the owner alone.</param>
/// <param name="RequestUrl">The request, to try again after it was mended.</param>
/// <param name="RequestId">What the log calls this request.</param>
public sealed record AuthorizationRefusal(
    string Error, string Description, string? ErrorUri, string? AppName, string? ClientId, string? SentRedirectUri, bool IsOwner,
    IReadOnlyList<string> RegisteredRedirectUris, string? RequestUrl, string RequestId);
