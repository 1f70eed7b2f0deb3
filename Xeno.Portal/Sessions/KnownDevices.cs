using System.Buffers.Text;
using System.Security.Cryptography;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Data.Sessions;
using Xeno.Portal.Http;

namespace Xeno.Portal.Sessions;

/// <summary>
/// Browsers on which an account has signed in before. A lockout applies only to other browsers: the owner can still sign in on a known one,
/// which has its own count of wrong passwords. A browser is recognized by a key in a cookie, which gives no access by itself. A changed
/// password makes every device unknown again.
/// </summary>
public sealed class KnownDevices(DeviceLedger ledger, PublicOrigin origin, TimeProvider time)
{
    private const string Name = "xeno-device";
    private const int KeyBytes = 32;
    private const int MostAccounts = 5;

    internal static readonly TimeSpan Lifetime = TimeSpan.FromDays(180);

    private CookieBuilder Cookie => Cookies.Lasting(Name, Lifetime, origin);

    /// <summary>A name for this browser, if the account has signed in on it; null otherwise. It is no part of the key.</summary>
    public async ValueTask<string?> FindAsync(HttpContext context, string accountId)
        => Key(context) is { } key && await ledger.IsKnownAsync(key, accountId, time.GetUtcNow() - Lifetime)
            ? $"{TokenHash.Of(key)[..16]} {accountId}"
            : null;

    /// <summary>Remembers that the account has signed in on this browser, for 180 days. At most five accounts a browser.</summary>
    /// <param name="stamp">The account's security stamp.</param>
    public async Task RememberAsync(HttpContext context, string accountId, string stamp)
    {
        var key = Key(context) ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));
        await ledger.RememberAsync(key, accountId, stamp, time.GetUtcNow(), MostAccounts);
        context.Response.Cookies.Append(Cookie.Name!, key, Cookie.Build(context));
    }

    // A text that the portal did not make is not a key.
    private string? Key(HttpContext context)
        => context.Request.Cookies[Cookie.Name!] is { Length: 43 } key && Base64Url.IsValid(key) ? key : null;
}
