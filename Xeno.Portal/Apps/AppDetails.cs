namespace Xeno.Portal.Apps;

/// <summary>One line of the developer's list.</summary>
public sealed record AppSummary(string ClientId, string Name, bool HasSecret, DateTimeOffset CreatedAt, int Installs, bool IsSuspended);

/// <summary>An app as its owner sees it; nothing secret.</summary>
/// <param name="PreviousSecretSince">Since when a replaced secret still works beside the current one; null: there is none.</param>
/// <param name="CanReveal">Whether a readable copy of the secret is kept.</param>
/// <param name="Installs">On how many accounts the app is installed.</param>
/// <param name="Version">Changes with every change to the app; an edit that carries it overwrites nothing unseen.</param>
public sealed record AppDetails(
    string ClientId, string Name, IReadOnlyList<string> RedirectUris, string? HomepageUrl, string? Description, bool HasSecret,
    DateTimeOffset CreatedAt, DateTimeOffset? SecretCreatedAt, DateTimeOffset? PreviousSecretSince, bool CanReveal, int Installs, bool IsSuspended,
    string? Version);

/// <summary>What came of registering: the app's Client ID and its secret to show once, or what is wrong with the form.</summary>
public sealed record Registration(string? ClientId, string? Secret, AppFormProblems Problems);

/// <summary>What came of a change to an app.</summary>
public enum AppChange
{
    Done,

    /// <summary>There is no such app, or it is somebody else's: the same answer.</summary>
    NotFound,

    /// <summary>Somebody changed the app at the same moment; nothing was done.</summary>
    Conflict,
}
