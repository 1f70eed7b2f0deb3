using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Xeno.Portal.Data.Sessions;

namespace Xeno.Portal.OAuth;

/// <summary>
/// <c>prompt=login</c>: the person logs in again although signed in. The request goes to the log-in page with a note of the time and of the
/// session that was asked. Valid only in the session that replaced the one named in the note. Another person's note does not count.
/// </summary>
internal sealed class LoginAgain(IDataProtectionProvider protection, TimeProvider time)
{
    public const string Parameter = "login_asked";

    // So that a note that was kept cannot replace a new log-in.
    private static readonly TimeSpan s_noteLifetime = TimeSpan.FromHours(1);

    private readonly IDataProtector _protector = protection.CreateProtector("Xeno.Portal.OAuth.LoginAgain");

    /// <summary>A note that a log-in is asked for now; encrypted, so that it cannot be made elsewhere.</summary>
    /// <param name="asked">The session that is asked; null when nobody is signed in.</param>
    public string Note(LiveSession? asked)
        => _protector.Protect(string.Create(CultureInfo.InvariantCulture, $"{Seconds(time.GetUtcNow())} {asked?.Id}"));

    /// <summary>
    /// True when <paramref name="session"/> started after the note, in place of the session that was asked, and the note is at most an hour
    /// old. Counts whole seconds.
    /// </summary>
    public bool IsDone(string? note, LiveSession session)
    {
        try
        {
            return note is not null && _protector.Unprotect(note).Split(' ') is [var at, var asked]
                && long.Parse(at, CultureInfo.InvariantCulture) is var seconds
                && (session.ReplacedId ?? "") == asked
                && Seconds(session.StartedAt) >= seconds && Seconds(time.GetUtcNow() - s_noteLifetime) <= seconds;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static long Seconds(DateTimeOffset instant) => instant.ToUnixTimeSeconds();
}
