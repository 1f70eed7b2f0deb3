using System.Text;

namespace Xeno.Portal.Accounts;

/// <summary>Where a person goes after signing in: only an address of this site is accepted.</summary>
public static class ReturnUrl
{
    public const string Parameter = "returnUrl";

    /// <summary>Beside it: the form is shown to somebody who is signed in too, who would be led on otherwise.</summary>
    public const string Again = "again";

    private const string AnySite = "http://localhost";

    /// <summary>
    /// <paramref name="url"/> when it is a path of this site, otherwise <paramref name="fallback"/>. Browsers take <c>//host</c> and
    /// <c>/\host</c> for another site. Before they look, they remove tabs, line breaks, <c>/./</c> and <c>/../</c>, and turn backslashes
    /// into slashes; so the result of these steps must be a path of this site too. The result is percent-encoded for use in a header.
    /// </summary>
    public static string LocalOr(string? url, string fallback)
        => url is not null && IsLocal(url) ? string.Concat(url.EnumerateRunes().Select(Encoded)) : fallback;

    private static bool IsLocal(string url)
        => url is ['/', ..]
            && !url.StartsWith("//", StringComparison.Ordinal)
            && !url.Any(char.IsControl)
            && !PathOf(url).Contains('\\', StringComparison.Ordinal)
            && Uri.TryCreate(AnySite + url, UriKind.Absolute, out var whole)
            && !whole.AbsolutePath.StartsWith("//", StringComparison.Ordinal);

    private static string Encoded(Rune rune)
        => rune.Value is > ' ' and <= '~' ? rune.ToString() : Uri.EscapeDataString(rune.ToString());

    private static string PathOf(string url) => url.Split('?', '#')[0];
}
