using System.Text.RegularExpressions;

namespace Xeno.Portal.Playground;

/// <summary>A real HTTP request and its answer, as text. Every secret, code and token in it is masked.</summary>
/// <param name="Request">Method, address, headers and body.</param>
/// <param name="Status">The answer's status; null when the browser sends the request.</param>
/// <param name="Answer">The important headers and the body.</param>
public sealed record Exchange(string Request, int? Status, string Answer)
{
    /// <summary>
    /// Whether the request had no effect but may have one later: too many at once (RFC 6585 §4), or a server that cannot answer now.
    /// </summary>
    public bool MayBeAskedAgain => Status is 429 or >= 500;
}

/// <summary>Hides secrets in texts for the screen, and leaves enough to recognize them.</summary>
public static partial class Masking
{
    private const int Shown = 6;

    /// <summary>The first six characters, then dots; only dots for a short text.</summary>
    public static string Mask(string secret) => secret.Length <= Shown ? "••••" : secret[..Shown] + "••••••••";

    /// <summary>Masks the given secrets, also if they are percent-encoded, and all that has the form of a token or Client Secret.</summary>
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
