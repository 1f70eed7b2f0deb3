using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Xeno.Portal.Http;

namespace Xeno.Portal.Accounts;

/// <summary>
/// Browsers on which an account has signed in before. A lockout applies only to other browsers: the owner can still sign in on a known one,
/// which has its own count of wrong passwords. A browser is recognized by an encrypted cookie, which gives no access by itself.
/// </summary>
internal sealed class KnownDevices(IDataProtectionProvider protection, PublicOrigin origin)
{
    private const string Name = "xeno-device";
    private const int MostAccounts = 5;

    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(180);

    private readonly ITimeLimitedDataProtector _protector =
        protection.CreateProtector("Xeno.Portal.Accounts.KnownDevices").ToTimeLimitedDataProtector();

    private CookieBuilder Cookie
    {
        get
        {
            var cookie = new CookieBuilder { MaxAge = s_lifetime, IsEssential = true };
            cookie.Harden(Name, origin);
            return cookie;
        }
    }

    /// <summary>The id of this browser for that account; null when the account has not signed in here.</summary>
    public string? Find(HttpContext context, string accountId)
        => Read(context).FirstOrDefault(known => known.AccountId == accountId)?.DeviceId;

    /// <summary>Remembers that the account has signed in on this browser, for 180 days. At most five accounts a browser.</summary>
    public void Remember(HttpContext context, string accountId)
    {
        var known = Read(context);
        var current = known.FirstOrDefault(one => one.AccountId == accountId) ?? new Known(accountId, NewDeviceId());
        var kept = known.Where(one => one.AccountId != accountId).Prepend(current).Take(MostAccounts);
        var note = _protector.Protect(string.Join(' ', kept.Select(one => $"{one.AccountId}:{one.DeviceId}")), s_lifetime);
        context.Response.Cookies.Append(Cookie.Name!, note, Cookie.Build(context));
    }

    private static string NewDeviceId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(12));

    private IReadOnlyList<Known> Read(HttpContext context)
    {
        if (context.Request.Cookies[Cookie.Name!] is not { Length: > 0 } note)
            return [];

        try
        {
            return [.. _protector.Unprotect(note).Split(' ').Select(one => one.Split(':')).Select(parts => new Known(parts[0], parts[1]))];
        }
        catch (CryptographicException)
        {
            return []; // Forged, or older than 180 days.
        }
    }

    private sealed record Known(string AccountId, string DeviceId);
}
