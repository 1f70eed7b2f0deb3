namespace Xeno.Portal.Accounts;

/// <summary>Where somebody goes after signing in: an address of this site, or nowhere.</summary>
public static class ReturnUrl
{
    public const string Parameter = "returnUrl";

    private const string AnySite = "http://localhost";

    /// <summary>
    /// <paramref name="url"/> when it is a path of this site, otherwise <paramref name="fallback"/>. Browsers read <c>//host</c> and <c>/\host</c>
    /// as another site, drop tabs and line breaks before they look, take each backslash of a path for a slash, and <c>/./</c> and <c>/../</c> out of
    /// it: so what is left after that must be a path too. It comes percent-encoded, because a header takes nothing else.
    /// </summary>
    public static string LocalOr(string? url, string fallback)
        => url is ['/', ..] && !url.Any(char.IsControl) && !PathOf(url).Contains('\\', StringComparison.Ordinal) && !url.StartsWith("//", StringComparison.Ordinal)
           && Uri.TryCreate(AnySite + url, UriKind.Absolute, out var whole) && !whole.AbsolutePath.StartsWith("//", StringComparison.Ordinal)
            ? string.Concat(url.EnumerateRunes().Select(rune => rune.Value is > ' ' and <= '~' ? rune.ToString() : Uri.EscapeDataString(rune.ToString())))
            : fallback;

    private static string PathOf(string url) => url.Split('?', '#')[0];
}
