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

    // A note kept from an earlier log-in must not stand for a new one.
    private static readonly TimeSpan s_noteLifetime = TimeSpan.FromHours(1);

    private readonly IDataProtector _protector = protection.CreateProtector("Xeno.Portal.OAuth.LoginAgain");

    /// <summary>A note that a log-in was asked for now.</summary>
    public string Note() => _protector.Protect(Seconds(time.GetUtcNow()).ToString(CultureInfo.InvariantCulture));

    /// <summary>True when the sign-in came after that note was written, and the note is not old.</summary>
    public bool IsDone(string? note, DateTimeOffset? signedInAt)
    {
        try
        {
            if (note is null || signedInAt is not { } at)
                return false;
            var asked = long.Parse(_protector.Unprotect(note), CultureInfo.InvariantCulture);
            return Seconds(at) >= asked && Seconds(time.GetUtcNow() - s_noteLifetime) <= asked;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static long Seconds(DateTimeOffset instant) => instant.ToUnixTimeSeconds();
}
