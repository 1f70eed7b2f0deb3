namespace Xeno.Portal.Data.History;

/// <summary>A kind of event in the history.</summary>
/// <param name="Name">Dotted words, kept in the row: <c>app.installed</c>. Never renamed: old rows and webhooks still use it.</param>
/// <param name="Sentence">What happened, in one sentence for the reader of a list. docs/history.md has the same list.</param>
public sealed record HistoryKind(string Name, string Sentence);

/// <summary>All kinds of events.</summary>
public static class HistoryKinds
{
    public static HistoryKind AppAllowed { get; } = new("app.allowed", "The account allowed the app, and a code was issued.");

    public static HistoryKind AppInstalled { get; } = new("app.installed", "The app got its first token for the account.");

    public static HistoryKind AppUninstalled { get; } = new("app.uninstalled", "The app has no valid token for the account any more.");

    public static HistoryKind TokenIssued { get; } = new("token.issued", "A code was exchanged for an access token.");

    public static HistoryKind TokenRevoked { get; } = new("token.revoked", "One access token was revoked.");

    public static HistoryKind TokenReplayed { get; } = new(
        "token.replayed", "A used code was sent again and may have been stolen, so the access token that it gave was revoked "
        + "(RFC 6749 section 4.1.2).");

    public static HistoryKind AllTokensRevoked { get; } = new(
        "tokens.revoked", "All access tokens of the app were revoked, on every account.");

    public static HistoryKind AppRegistered { get; } = new("app.registered", "The app was registered.");

    public static HistoryKind AppEdited { get; } = new("app.edited", "The settings of the app were changed.");

    public static HistoryKind AppDeleted { get; } = new("app.deleted", "The app was deleted.");

    public static HistoryKind AppSuspended { get; } = new("app.suspended", "An operator suspended the app.");

    public static HistoryKind AppResumed { get; } = new("app.resumed", "An operator ended the suspension of the app.");

    public static HistoryKind SecretRevealed { get; } = new("secret.revealed", "The Client Secret was shown in full.");

    public static HistoryKind SecretRotated { get; } = new("secret.rotated", "The app got a new Client Secret; the old one still works.");

    public static HistoryKind SecretRemoved { get; } = new("secret.removed", "The old Client Secret was removed and no longer works.");

    public static HistoryKind AccountCreated { get; } = new("account.created", "The account was created.");

    public static HistoryKind AccountEdited { get; } = new("account.edited", "The profile of the account was changed.");

    public static HistoryKind PasswordChanged { get; } = new(
        "password.changed", "The password of the account was changed, which ended all other sessions.");

    public static HistoryKind AccountLocked { get; } = new("account.locked", "Too many wrong passwords locked the account for a while.");

    public static HistoryKind AccountUnlocked { get; } = new("account.unlocked", "An operator unlocked the account.");

    public static HistoryKind AccountSuspended { get; } = new("account.suspended", "An operator suspended the account.");

    public static HistoryKind AccountResumed { get; } = new("account.resumed", "An operator ended the suspension of the account.");

    public static HistoryKind SessionStarted { get; } = new("session.started", "A person signed in.");

    public static HistoryKind SessionEnded { get; } = new("session.ended", "A session ended: the person logged out or ended it.");

    public static IReadOnlyList<HistoryKind> All { get; } =
    [
        AppAllowed, AppInstalled, AppUninstalled,
        TokenIssued, TokenRevoked, TokenReplayed, AllTokensRevoked,
        AppRegistered, AppEdited, AppDeleted, AppSuspended, AppResumed,
        SecretRevealed, SecretRotated, SecretRemoved,
        AccountCreated, AccountEdited, PasswordChanged, AccountLocked, AccountUnlocked, AccountSuspended, AccountResumed,
        SessionStarted, SessionEnded,
    ];

    private static readonly Dictionary<string, HistoryKind> s_byName = All.ToDictionary(kind => kind.Name, StringComparer.Ordinal);

    /// <summary>The kind of that name; null for a name that this version does not know.</summary>
    public static HistoryKind? Find(string name) => s_byName.GetValueOrDefault(name);
}
