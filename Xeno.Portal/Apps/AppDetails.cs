namespace Xeno.Portal.Apps;

/// <summary>One row of a developer's list of apps.</summary>
public sealed record AppSummary(string ClientId, string Name, bool HasSecret, DateTimeOffset CreatedAt, int Installs, bool IsSuspended);

/// <summary>An app as its owner sees it, without secrets.</summary>
/// <param name="PreviousSecretSince">When the previous secret, which still works, was replaced; null: there is none.</param>
/// <param name="CanReveal">Whether a readable copy of the secret is kept.</param>
/// <param name="Installs">On how many accounts the app is installed.</param>
/// <param name="Version">Changes with every change to the app. An edit sends it back, and is refused when it is no longer current.</param>
public sealed record AppDetails(
    string ClientId, string Name, IReadOnlyList<string> RedirectUris, string? HomepageUrl, string? Description, bool HasSecret,
    DateTimeOffset CreatedAt, DateTimeOffset? SecretCreatedAt, DateTimeOffset? PreviousSecretSince, bool CanReveal, int Installs,
    bool IsSuspended, string? Version);

/// <summary>
/// The result of registering: the app's Client ID and its secret (shown once), or what is wrong with the form, or why the account cannot
/// register one more app.
/// </summary>
public sealed record Registration(string? ClientId, string? Secret, AppFormProblems Problems, string? Refusal = null);

/// <summary>The result of a change to an app.</summary>
public enum AppChange
{
    Done,

    /// <summary>There is no such app, or the account has no access to it: the same answer for both.</summary>
    NotFound,

    /// <summary>The app was changed in the meantime; nothing was done.</summary>
    Conflict,
}
