using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Options;

namespace Xeno.Portal.Http;

/// <summary>
/// One rule for every cookie of the portal: HttpOnly, SameSite=Lax, and over HTTPS also Secure with the <c>__Host-</c> prefix, which ties
/// the cookie to exactly this host. Browsers refuse that prefix on plain HTTP, so a loopback portal goes without it.
/// </summary>
public static class Cookies
{
    /// <summary>Gives <paramref name="cookie"/> its name and the rule above.</summary>
    public static void Harden(this CookieBuilder cookie, string name, PublicOrigin origin)
    {
        cookie.Name = origin.IsHttps ? $"__Host-{name}" : name;
        cookie.SecurePolicy = origin.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        cookie.HttpOnly = true;
        cookie.SameSite = SameSiteMode.Lax;
        cookie.Path = "/";
    }

    /// <summary>A cookie of that name, with the rule above, that a browser keeps for <paramref name="age"/>.</summary>
    public static CookieBuilder Lasting(string name, TimeSpan age, PublicOrigin origin)
    {
        var cookie = new CookieBuilder { MaxAge = age, IsEssential = true };
        cookie.Harden(name, origin);
        return cookie;
    }
}

internal sealed class AntiforgeryCookie(PublicOrigin origin) : IConfigureOptions<AntiforgeryOptions>
{
    public void Configure(AntiforgeryOptions options)
    {
        options.Cookie.Harden("xeno-forms", origin);
        // SecurityHeaders sets the frame headers on every answer.
        options.SuppressXFrameOptionsHeader = true;
    }
}
