using System.Security.Claims;

namespace Xeno.Portal.Shell;

/// <summary>Who is signed in, read from the principal once and handed to services as an argument.</summary>
public static class SignedIn
{
    /// <summary>The id of the signed-in account, or null.</summary>
    public static string? AccountId(this ClaimsPrincipal principal)
        => principal.Identity?.IsAuthenticated == true ? principal.FindFirstValue(ClaimTypes.NameIdentifier) : null;
}
