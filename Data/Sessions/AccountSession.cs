namespace Xeno.Portal.Data.Sessions;

/// <summary>
/// A person who is signed in on one browser. The browser's cookie holds a key of 256 random bits; the row holds only its hash. A session is
/// live until it is deleted, until <see cref="EndsAt"/>, until its absolute age, or until its account gets another security stamp
/// (<see cref="SessionDefinition"/>).
/// </summary>
public sealed class AccountSession
{
    /// <summary>Names the session on pages and in the history. No part of the key.</summary>
    public required string Id { get; set; }

    public required string AccountId { get; set; }

    /// <summary>The hash of the key in the browser's cookie.</summary>
    public required string KeyHash { get; set; }

    /// <summary>
    /// The account's security stamp when the session started. A changed password or a suspension changes the account's stamp, which ends
    /// every session that has another one, also those that start at the same moment.
    /// </summary>
    public required string Stamp { get; set; }

    /// <summary>When the person signed in (UTC).</summary>
    public DateTimeOffset StartedAt { get; set; }

    /// <summary>When the person last proved to be the account's owner, by signing in or by giving the password again (UTC).</summary>
    public DateTimeOffset ProvedAt { get; set; }

    /// <summary>When the browser last got its cookie (UTC).</summary>
    public DateTimeOffset RenewedAt { get; set; }

    /// <summary>
    /// When the person last used the session (UTC). Written now and then, not with each request: it may be some minutes old.
    /// </summary>
    public DateTimeOffset LastSeenAt { get; set; }

    /// <summary>When the session ends if the browser does not come back (UTC).</summary>
    public DateTimeOffset EndsAt { get; set; }

    /// <summary>Whether the browser keeps the cookie when it is closed ("Remember me").</summary>
    public bool IsPersistent { get; set; }

    /// <summary>Browser and system in words ("Firefox on Linux"); null when they are not known.</summary>
    public string? Device { get; set; }

    /// <summary>The session of the same browser that this one took the place of; null for none.</summary>
    public string? ReplacedId { get; set; }
}
