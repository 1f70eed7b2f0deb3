using System.Globalization;
using System.Security.Claims;

namespace Xeno.Portal.Shell;

/// <summary>Who is signed in, read from the principal once and handed to services as an argument.</summary>
public static class SignedIn
{
    /// <summary>The claim that says when the person signed in, in Unix seconds; added at sign-in and kept while the cookie is renewed.</summary>
    public const string TimeClaim = "auth_time";

    /// <summary>When the person last proved who they are, or null when that is not known: then treat it as long ago.</summary>
    public static DateTimeOffset? SignedInAt(this ClaimsPrincipal principal)
        => long.TryParse(principal.FindFirstValue(TimeClaim), CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    /// <summary>The id of the signed-in account, or null.</summary>
    public static string? AccountId(this ClaimsPrincipal principal)
        => principal.Identity?.IsAuthenticated == true ? principal.FindFirstValue(ClaimTypes.NameIdentifier) : null;
}
