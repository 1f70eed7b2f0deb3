using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Xeno.Portal.OAuth;

/// <summary>
/// <c>prompt=login</c>: the person logs in again although somebody is signed in. The request goes through the log-in page with a note of when
/// that was asked, and passes when the sign-in is younger than the note.
/// </summary>
internal sealed class LoginAgain(IDataProtectionProvider protection, TimeProvider time)
{
    public const string Parameter = "login_asked";

    private readonly IDataProtector _protector = protection.CreateProtector("Xeno.Portal.OAuth.LoginAgain");

    /// <summary>A note that a log-in was asked for now.</summary>
    public string Note() => _protector.Protect(Seconds(time.GetUtcNow()).ToString(CultureInfo.InvariantCulture));

    /// <summary>True when the sign-in came after that note was written.</summary>
    public bool IsDone(string? note, DateTimeOffset? signedInAt)
    {
        try
        {
            return note is not null && signedInAt is { } at
                && Seconds(at) >= long.Parse(_protector.Unprotect(note), CultureInfo.InvariantCulture);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static long Seconds(DateTimeOffset instant) => instant.ToUnixTimeSeconds();
}
