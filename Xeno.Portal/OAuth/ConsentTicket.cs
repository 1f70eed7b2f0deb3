using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Xeno.Portal.OAuth;

/// <summary>
/// Binds a consent page to the account and the request that it showed. An Allow counts only for exactly these: with a changed field, or for
/// another account, it is a new request. So it is after an hour, because another person may sit at the open page by then.
/// </summary>
internal sealed class ConsentTicket(IDataProtectionProvider protection, TimeProvider time)
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromHours(1);

    private readonly IDataProtector _protector = protection.CreateProtector("Xeno.Portal.OAuth.ConsentTicket");

    /// <summary>The ticket of a page that is opened now.</summary>
    public string For(string accountId, RequestParameters request)
        => _protector.Protect($"{time.GetUtcNow().ToUnixTimeSeconds()} {Shown(accountId, request)}");

    /// <summary>True when the ticket is of this account, this request, and the last hour.</summary>
    public bool Fits(string? ticket, string accountId, RequestParameters request)
    {
        try
        {
            return ticket is not null && _protector.Unprotect(ticket).Split(' ', 2) is [var opened, var shown]
                && shown == Shown(accountId, request)
                && (time.GetUtcNow() - s_lifetime).ToUnixTimeSeconds() <= long.Parse(opened, CultureInfo.InvariantCulture);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static string Shown(string accountId, RequestParameters request)
    {
        // With each length in front, name "a=b" with value "c" and name "a" with value "b=c" give different texts.
        var text = new StringBuilder();
        var parameters = request.Values.Where(parameter => !ConsentForm.OwnFields.Contains(parameter.Key));
        foreach (var (name, value) in parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal))
            text.Append(name.Length).Append(':').Append(name).Append(value.Length).Append(':').Append(value);
        return $"{accountId} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))}";
    }
}
