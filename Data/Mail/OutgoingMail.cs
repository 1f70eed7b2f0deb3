namespace Xeno.Portal.Data.Mail;

/// <summary>
/// A mail in the outbox. It is added in the transaction of the act that it tells of, so that it is sent if, and only if, the act is kept.
/// What it says may hold a secret link: the texts are removed from the row the moment it is sent or given up.
/// </summary>
public sealed class OutgoingMail
{
    public string Id { get; set; } = Guid.CreateVersion7().ToString("N");

    public required MailClass Class { get; set; }

    /// <summary>The address that it goes to; empty once it is sent.</summary>
    public required string Recipient { get; set; }

    /// <summary>SHA-256 of the address as addresses are compared; mails to one address are counted by it.</summary>
    public required string RecipientHash { get; set; }

    public required string Subject { get; set; }

    public required string Text { get; set; }

    public required string Html { get; set; }

    public required DateTimeOffset QueuedAt { get; set; }

    /// <summary>When a node may try to send it; null once it is sent or given up. A node that takes it moves this time on.</summary>
    public DateTimeOffset? NextTryAt { get; set; }

    /// <summary>How often a node has taken it. 0: it does not count yet among the mails to its address.</summary>
    public int Tries { get; set; }

    /// <summary>Why the last try failed, in our words: never an address or an answer of the mail server.</summary>
    public string? LastError { get; set; }

    public DateTimeOffset? SentAt { get; set; }

    public DateTimeOffset? GivenUpAt { get; set; }

    /// <summary>When pruning removes the row; null while it is to be sent.</summary>
    public DateTimeOffset? RemoveAt { get; set; }
}

/// <summary>
/// What a mail is for. Mails of one class are counted apart from the others, so that strangers who ask for many links do not use up what is
/// there for warnings.
/// </summary>
public enum MailClass
{
    /// <summary>A link that somebody asked for by typing the address, perhaps not its owner: confirmation, forgotten password.</summary>
    Requested,

    /// <summary>Something changed that the owner of the account must see: password, e-mail, factor, session, secret.</summary>
    Security,

    /// <summary>All other news about the account, without a meaning for its security.</summary>
    Notice,
}
