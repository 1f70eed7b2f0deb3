using Xeno.Portal.Scopes;

namespace Xeno.Portal.Installations;

/// <summary>One page of the apps that are installed on an account, by name.</summary>
/// <param name="HasMore">Whether there are more apps than were asked for.</param>
public sealed record InstalledApps(IReadOnlyList<InstalledApp> Apps, bool HasMore);

/// <summary>An app that is installed on an account: one of its access tokens for it is valid.</summary>
/// <param name="Developer">Who registered it.</param>
/// <param name="IsSuspended">Whether the app or its developer is suspended: then its tokens open nothing.</param>
/// <param name="Scopes">What its tokens open, taken together.</param>
/// <param name="InstalledAt">When the oldest of them was issued.</param>
/// <param name="LastUsedAt">When one of them last opened the API, or null.</param>
/// <param name="TokenCount">How many tokens it has.</param>
/// <param name="Tokens">The newest of them.</param>
public sealed record InstalledApp(
    string ClientId, string Name, string? HomepageUrl, string Developer, bool IsSuspended, ScopeSet Scopes, DateTimeOffset InstalledAt,
    DateTimeOffset? LastUsedAt, int TokenCount, IReadOnlyList<InstalledToken> Tokens);

/// <summary>One of its tokens. The id is the row's, and no part of the token.</summary>
public sealed record InstalledToken(string Id, ScopeSet Scopes, DateTimeOffset IssuedAt, DateTimeOffset? LastUsedAt)
{
    /// <summary>Enough of the id for a person to tell tokens apart.</summary>
    public string ShortId => Id[^8..];
}
