namespace Xeno.Portal.Accounts;

/// <summary>Where somebody goes after signing in: an address of this site, or nowhere.</summary>
public static class ReturnUrl
{
    public const string Parameter = "returnUrl";

    /// <summary>
    /// <paramref name="url"/> when it is a path of this site, otherwise <paramref name="fallback"/>. Browsers read <c>//host</c> and <c>/\host</c>
    /// as another site, and drop tabs and line breaks before they look.
    /// </summary>
    public static string LocalOr(string? url, string fallback)
        => url is ['/', ..] && url is not ['/', '/' or '\\', ..] && !url.Any(char.IsControl) ? url : fallback;
}
