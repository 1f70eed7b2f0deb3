using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Xeno.Portal.OAuth;

/// <summary>
/// Binds a consent page to what it showed: one account, one request. An Allow counts only for exactly these; a form whose field was changed,
/// or which was opened by another account, is a new request. So is one that was opened long ago: whoever finds it has not asked for it.
/// </summary>
internal sealed class ConsentTicket(IDataProtectionProvider protection, TimeProvider time)
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromHours(1);

    private readonly IDataProtector _protector = protection.CreateProtector("Xeno.Portal.OAuth.ConsentTicket");

    public string For(string accountId, RequestParameters request) => _protector.Protect($"{time.GetUtcNow().ToUnixTimeSeconds()} {Shown(accountId, request)}");

    public bool Fits(string? ticket, string accountId, RequestParameters request)
    {
        try
        {
            return ticket is not null && _protector.Unprotect(ticket).Split(' ', 2) is [var opened, var shown] && shown == Shown(accountId, request)
                && (time.GetUtcNow() - s_lifetime).ToUnixTimeSeconds() <= long.Parse(opened, CultureInfo.InvariantCulture);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static string Shown(string accountId, RequestParameters request)
    {
        // Lengths in front keep "a=b" with "c" apart from "a" with "b=c".
        var text = new StringBuilder();
        foreach (var (name, value) in request.Values.Where(p => !ConsentForm.OwnFields.Contains(p.Key)).OrderBy(p => p.Key, StringComparer.Ordinal))
            text.Append(name.Length).Append(':').Append(name).Append(value.Length).Append(':').Append(value);
        return $"{accountId} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))}";
    }
}
