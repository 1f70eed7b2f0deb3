namespace Xeno.Portal.Data.Sessions;

/// <summary>
/// An account has signed in on a browser before. The browser's cookie holds a random key; the row holds only its hash. One row for each
/// account of a browser.
/// </summary>
public sealed class KnownDevice
{
    /// <summary>The hash of the key in the browser's cookie.</summary>
    public required string KeyHash { get; set; }

    public required string AccountId { get; set; }

    /// <summary>The account's security stamp at the last sign-in: with a changed password the device is no longer known.</summary>
    public required string Stamp { get; set; }

    /// <summary>When the account last signed in on this browser (UTC).</summary>
    public DateTimeOffset SignedInAt { get; set; }
}
