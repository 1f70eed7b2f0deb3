using Xeno.Portal.Scopes;

namespace Xeno.Portal.Installations;

/// <summary>An app that is installed on an account: one of its access tokens for it is valid.</summary>
/// <param name="Developer">Who registered it.</param>
/// <param name="Scopes">What its tokens open, taken together.</param>
/// <param name="InstalledAt">When the oldest of them was issued.</param>
/// <param name="LastUsedAt">When one of them last opened the API, or null.</param>
public sealed record InstalledApp(
    string ClientId, string Name, string? HomepageUrl, string Developer, bool IsSuspended, ScopeSet Scopes, DateTimeOffset InstalledAt,
    DateTimeOffset? LastUsedAt, IReadOnlyList<InstalledToken> Tokens);

/// <summary>One of its tokens. The id is the row's, and no part of the token.</summary>
public sealed record InstalledToken(string Id, ScopeSet Scopes, DateTimeOffset IssuedAt, DateTimeOffset? LastUsedAt)
{
    /// <summary>Enough of the id for a person to tell tokens apart.</summary>
    public string ShortId => Id[^8..];
}
