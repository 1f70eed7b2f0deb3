namespace Xeno.Portal.Data.History;

/// <summary>
/// One event: when it happened, who did it, and what it was about. Rows are only added; <see cref="HistoryLedger"/> removes them when they
/// are old or when their account is deleted. Written in the transaction of the act itself. There are no foreign keys: a row is kept when
/// the app that it names is deleted. No row holds a token, a code, a secret or a password.
/// </summary>
public sealed class HistoryEntry
{
    /// <summary>Grows with each row, so a list can be continued after a given id.</summary>
    public long Id { get; set; }

    /// <summary>When it happened (UTC).</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>The name of one of <see cref="HistoryKinds"/>.</summary>
    public required string Kind { get; set; }

    /// <summary>The account whose activity this is; null when it is about no account, or when that account was deleted.</summary>
    public string? AccountId { get; set; }

    /// <summary>The app that it is about; null when it is about none. A Client ID is never used again.</summary>
    public string? ClientId { get; set; }

    /// <summary>The name that the app had then, so that the row can be read after the app is gone.</summary>
    public string? AppName { get; set; }

    /// <summary>Who did it.</summary>
    public HistoryActor Actor { get; set; }

    /// <summary>The account that did it, where that is another one than <see cref="AccountId"/>: an operator. Null otherwise.</summary>
    public string? ActorId { get; set; }

    /// <summary>The session in which it was done; null where there was none or it is not known.</summary>
    public string? SessionId { get; set; }

    /// <summary>The browser and system that it was done with, in words ("Firefox on Linux"); null where it is not known.</summary>
    public string? Device { get; set; }

    /// <summary>The row id of the access token that it is about, which is no part of the token; null for none.</summary>
    public string? TokenId { get; set; }

    /// <summary>The scopes that it is about: canonical names, space-separated; null for none.</summary>
    public string? Scopes { get; set; }

    /// <summary>Why, or what was changed, in a few plain words; null where the kind says enough.</summary>
    public string? Reason { get; set; }
}

/// <summary>Who did what a <see cref="HistoryEntry"/> describes.</summary>
public enum HistoryActor
{
    /// <summary>
    /// A person signed in to the account <see cref="HistoryEntry.ActorId"/> or, where that is null, <see cref="HistoryEntry.AccountId"/>.
    /// </summary>
    Account,

    /// <summary>The app itself, with its credentials.</summary>
    App,

    /// <summary>An operator of the portal.</summary>
    Operator,

    /// <summary>The portal, by a rule of its own.</summary>
    Portal,
}
