using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Xeno.Portal.Http;

namespace Xeno.Portal.Accounts;

/// <summary>
/// Browsers on which an account has signed in before. A stranger's wrong passwords lock an account against unknown browsers only: its owner,
/// on a known one, still gets in, and has a count of wrong passwords of its own there. The note is a cookie that opens nothing by itself.
/// </summary>
internal sealed class KnownDevices(IDataProtectionProvider protection, PublicOrigin origin)
{
    private const string Name = "xeno-device";
    private const int MostAccounts = 5;

    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(180);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("Xeno.Portal.Accounts.KnownDevices").ToTimeLimitedDataProtector();

    private CookieBuilder Cookie
    {
        get
        {
            var cookie = new CookieBuilder { MaxAge = s_lifetime, IsEssential = true };
            cookie.Harden(Name, origin);
            return cookie;
        }
    }

    /// <summary>What this browser is called for that account; null when the account never signed in here.</summary>
    public string? Find(HttpContext context, string accountId) => Read(context).FirstOrDefault(known => known.AccountId == accountId)?.DeviceId;

    /// <summary>Notes that the account has signed in on this browser. Of several accounts the last few are kept.</summary>
    public void Remember(HttpContext context, string accountId)
    {
        var known = Read(context);
        var current = known.FirstOrDefault(one => one.AccountId == accountId) ?? new Known(accountId, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(12)));
        var kept = known.Where(one => one.AccountId != accountId).Prepend(current).Take(MostAccounts);
        var note = _protector.Protect(string.Join(' ', kept.Select(one => $"{one.AccountId}:{one.DeviceId}")), s_lifetime);
        context.Response.Cookies.Append(Cookie.Name!, note, Cookie.Build(context));
    }

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
            return []; // Not ours, or too old.
        }
    }

    private sealed record Known(string AccountId, string DeviceId);
}
