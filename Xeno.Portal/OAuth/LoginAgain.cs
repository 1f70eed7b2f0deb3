using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Xeno.Portal.OAuth;

/// <summary>
/// <c>prompt=login</c>: the person logs in again although signed in. The request goes to the log-in page with a note that holds the time,
/// and passes when the sign-in is later than the note.
/// </summary>
internal sealed class LoginAgain(IDataProtectionProvider protection, TimeProvider time)
{
    public const string Parameter = "login_asked";

    // So that a note that was kept cannot replace a new log-in.
    private static readonly TimeSpan s_noteLifetime = TimeSpan.FromHours(1);

    private readonly IDataProtector _protector = protection.CreateProtector("Xeno.Portal.OAuth.LoginAgain");

    /// <summary>A note that a log-in is asked for now; encrypted, so that it cannot be made elsewhere.</summary>
    public string Note() => _protector.Protect(Seconds(time.GetUtcNow()).ToString(CultureInfo.InvariantCulture));

    /// <summary>True when the sign-in is later than the note, and the note is at most an hour old. Counts whole seconds.</summary>
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
