using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Data.Sessions;
using Xeno.Portal.Http;

namespace Xeno.Portal.OAuth;

/// <summary>
/// <c>prompt=login</c>: the person logs in again although signed in. The request goes to the log-in page with a note of the time and of who
/// was asked: the session, or, where nobody was signed in, the browser. The note is valid only in a session that replaced that one, or that
/// was started in that browser. Another person's note does not count.
/// </summary>
internal sealed class LoginAgain(IDataProtectionProvider protection, PublicOrigin origin, TimeProvider time)
{
    public const string Parameter = "login_asked";

    private const int BrowserKeyBytes = 32;

    // So that a note that was kept cannot replace a new log-in.
    private static readonly TimeSpan s_noteLifetime = TimeSpan.FromHours(1);

    private readonly IDataProtector _protector = protection.CreateProtector("Xeno.Portal.OAuth.LoginAgain");

    private CookieBuilder Cookie => Cookies.Lasting("xeno-asked", s_noteLifetime, origin);

    /// <summary>A note that a log-in is asked for now; encrypted, so that it cannot be made elsewhere.</summary>
    /// <param name="context">The request. Where nobody is signed in, its browser gets a cookie by which it is recognized.</param>
    /// <param name="asked">The session that is asked; null when nobody is signed in.</param>
    public string Note(HttpContext context, LiveSession? asked)
        => _protector.Protect(string.Create(
            CultureInfo.InvariantCulture, $"{Seconds(time.GetUtcNow())} {asked?.Id ?? OfBrowser(NewBrowserKey(context))}"));

    /// <summary>
    /// True when <paramref name="session"/> started after the note, in place of the session or in the browser that was asked, and the note
    /// is at most an hour old. Counts whole seconds.
    /// </summary>
    public bool IsDone(string? note, HttpContext context, LiveSession session)
    {
        try
        {
            return note is not null && _protector.Unprotect(note).Split(' ') is [var at, var asked]
                && long.Parse(at, CultureInfo.InvariantCulture) is var seconds
                && (asked == session.ReplacedId || asked == OfBrowser(context.Request.Cookies[Cookie.Name!]))
                && Seconds(session.StartedAt) >= seconds && Seconds(time.GetUtcNow() - s_noteLifetime) <= seconds;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private string NewBrowserKey(HttpContext context)
    {
        // One that is there is of a request in another tab, which is not done yet.
        var cookie = Cookie;
        var key = context.Request.Cookies[cookie.Name!] is { Length: > 0 } known
            ? known
            : Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(BrowserKeyBytes));
        context.Response.Cookies.Append(cookie.Name!, key, cookie.Build(context));
        return key;
    }

    private static string? OfBrowser(string? key) => string.IsNullOrEmpty(key) ? null : $"browser:{TokenHash.Of(key)}";

    private static long Seconds(DateTimeOffset instant) => instant.ToUnixTimeSeconds();
}
