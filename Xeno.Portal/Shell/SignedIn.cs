using System.Globalization;
using System.Security.Claims;

namespace Xeno.Portal.Shell;

/// <summary>Reads the signed-in account from the principal. Pages and endpoints pass it to services as an argument.</summary>
public static class SignedIn
{
    /// <summary>The claim with the time of the sign-in, in Unix seconds. Added at sign-in, kept when the cookie is renewed.</summary>
    public const string TimeClaim = "auth_time";

    /// <summary>When the person signed in; null when that is not known: treat it as long ago.</summary>
    public static DateTimeOffset? SignedInAt(this ClaimsPrincipal principal)
        => long.TryParse(principal.FindFirstValue(TimeClaim), CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    /// <summary>The id of the signed-in account; null when no one is signed in.</summary>
    public static string? AccountId(this ClaimsPrincipal principal)
        => principal.Identity?.IsAuthenticated == true ? principal.FindFirstValue(ClaimTypes.NameIdentifier) : null;
}
