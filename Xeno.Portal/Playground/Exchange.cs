using System.Text.RegularExpressions;

namespace Xeno.Portal.Playground;

/// <summary>One real HTTP request and its answer, as text with every secret, code and token masked.</summary>
/// <param name="Request">Method, address, headers and body.</param>
/// <param name="Status">The answer's status, or null when it is the browser that goes there.</param>
/// <param name="Answer">Headers that matter and the body.</param>
public sealed record Exchange(string Request, int? Status, string Answer)
{
    /// <summary>
    /// Whether the request had no effect but may have one later: too many at once (RFC 6585 §4), or a server that cannot answer now.
    /// </summary>
    public bool MayBeAskedAgain => Status is 429 or >= 500;
}

/// <summary>Hides what must not stand on a screen, and leaves enough to recognise it.</summary>
public static partial class Masking
{
    private const int Shown = 6;

    /// <summary>The first characters, then dots.</summary>
    public static string Mask(string secret) => secret.Length <= Shown ? "••••" : secret[..Shown] + "••••••••";

    /// <summary>Masks the given secrets wherever they stand, also percent-encoded, and anything that looks like a token or a secret of ours.</summary>
    public static string Apply(string text, params IEnumerable<string?> secrets)
    {
        foreach (var secret in secrets.OfType<string>().Where(secret => secret.Length > 0))
            text = text.Replace(secret, Mask(secret), StringComparison.Ordinal)
                .Replace(Uri.EscapeDataString(secret), Mask(secret), StringComparison.Ordinal);
        return LooksSecret().Replace(text, match => Mask(match.Value));
    }

    [GeneratedRegex(@"\b(?:xs_)?[0-9a-f]{64}\b")]
    private static partial Regex LooksSecret();
}
