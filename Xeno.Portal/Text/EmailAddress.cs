using System.Buffers;
using System.Globalization;
using System.Text;

namespace Xeno.Portal.Text;

/// <summary>
/// Which e-mail addresses an account can have, and how they are kept and shown. Before the @ there are atoms with dots between them
/// (RFC 5322 §3.2.3), 64 octets at most; after it a domain, which is kept in its ASCII form (RFC 5891) and in small letters; in all there
/// are 254 octets at most (RFC 5321 §4.5.3.1).
/// </summary>
public static class EmailAddress
{
    private const int Longest = 254;
    private const int LongestLocalPart = 64;
    private const int FullWidthDot = 0xFF0E, HalfWidthDot = 0xFF61; // Taken as a dot by RFC 3490 §3.1.
    private const string Signs = "!#$%&'*+-/=?^_`{|}~";

    private static readonly SearchValues<char> s_atomCharacters
        = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + Signs);

    private static readonly IdnMapping s_idn = new() { UseStd3AsciiRules = true };

    /// <summary>
    /// The address in the form in which it is kept, without spaces around it; or, in one or two sentences for the person who typed it, why
    /// no account can have it. Exactly one of the two is null.
    /// </summary>
    public static (string? Kept, string? Problem) Read(string text)
    {
        text = text.Trim();
        var at = text.LastIndexOf('@');
        if (at < 0)
            return Refused("This is not an e-mail address: it has no @. Write it like name@example.com.");
        if (text.Length > Longest)
            return TooLong(text.Length);
        if (UnseenCharacters.AreIn(text))
            return Refused("The address has a character that cannot be seen. Type it by hand instead of copying it.");
        if (text.Contains(' ', StringComparison.Ordinal))
            return Refused("The address has a space in it. Take it out.");
        if (text.AsSpan().ContainsAny('<', '>'))
            return Refused("Write the address alone, without a name and without the brackets < and >.");
        if (text.AsSpan().ContainsAny('(', ')'))
            return Refused("Addresses with a comment in parentheses are not taken. Write the address without it.");

        var local = text[..at];
        if (ProblemOfLocalPart(local) is { } problem)
            return Refused(problem);
        if (AsciiOf(text[(at + 1)..], out problem) is not { } domain)
            return Refused(problem!);
        var kept = $"{local}@{domain}";
        return kept.Length > Longest ? TooLong(kept.Length) : (kept, null);
    }

    /// <summary>
    /// What two texts have in common when they are the same address, whatever their capitals and the spelling of the domain. A text that is
    /// no address has a key too.
    /// </summary>
    public static string KeyOf(string text) => (Read(text).Kept ?? text).ToUpperInvariant();

    /// <summary>
    /// A kept address as a person is shown it: the domain in its own letters, or in punycode where it could be taken for another one
    /// (<see cref="ShownHost"/>).
    /// </summary>
    public static string Shown(string kept)
    {
        var domain = kept.LastIndexOf('@') + 1;
        return kept[..domain] + ShownHost.Of(kept[domain..]);
    }

    private static string? ProblemOfLocalPart(string local)
    {
        if (local.StartsWith('"'))
            return "Addresses with quotation marks are not taken. Use one that needs none.";
        if (local.Length == 0)
            return "The address has nothing before the @.";
        if (local.EnumerateRunes().FirstOrDefault(IsNoPartOfAnAtom) is { Value: > 0 } other)
            return other.IsAscii
                ? $"The part before the @ has the character {other}. Besides letters and digits, only dots and {Signs} can be there."
                : $"The part before the @ has the character {other}. Only the letters a to z, digits, dots and {Signs} are taken there. "
                    + "Use an address that is spelled with these.";
        if (HasMisplacedDots(local))
            return "The part before the @ begins or ends with a dot, or has two dots in a row. Check it for typing errors.";
        return local.Length > LongestLocalPart
            ? string.Create(CultureInfo.InvariantCulture, $"The part before the @ has {local.Length} characters. At most 64 are possible.")
            : null;
    }

    private static string? AsciiOf(string domain, out string? problem)
    {
        problem = null;
        if (domain.Length == 0)
            problem = "The address has nothing after the @.";
        else if (domain.StartsWith('['))
            problem = "After the @ there is an address in brackets. Use an e-mail address with a domain name.";
        else if (domain.EnumerateRunes().FirstOrDefault(IsOtherwiseWritten) is { Value: > 0 } other)
            problem = $"The part after the @ has the character {other}, which domain names have in another form. Type it as a plain "
                + "letter, or write the domain in its form that begins with xn--.";
        if (problem is not null)
            return null;

        try
        {
            // Small letters first: the portal runs without ICU, so .NET does not do it to letters outside of ASCII.
            var ascii = s_idn.GetAscii(domain.ToLowerInvariant());
            if (!HasMisplacedDots(ascii))
                return ascii;
        }
        catch (ArgumentException)
        {
            // Answered below, with all that a domain name needs.
        }

        problem = "The part after the @ is not a domain name. It has letters, digits and hyphens, with single dots between them; a hyphen "
            + "is not beside a dot, and between two dots there are at most 63 characters. Check it for typing errors.";
        return null;
    }

    private static bool IsNoPartOfAnAtom(Rune rune) => rune.Value != '.' && !(rune.IsAscii && s_atomCharacters.Contains((char)rune.Value));

    // Accents and parts of syllables that are characters of their own, and full-width and similar forms: browsers replace them by one
    // plain letter, .NET without ICU does not.
    private static bool IsOtherwiseWritten(Rune rune)
        => (CombiningMarks.IsMark(rune) && Scripts.Of(rune) == Scripts.Common)
            || rune.Value is (>= 0x1100 and <= 0x11FF) or 0x3099 or 0x309A
            || rune.Value is >= 0xF900 and <= 0xFFFF and not (FullWidthDot or HalfWidthDot);

    private static bool HasMisplacedDots(string text)
        => text is ['.', ..] or [.., '.'] || text.Contains("..", StringComparison.Ordinal);

    private static (string? Kept, string? Problem) TooLong(int length) => Refused(string.Create(CultureInfo.InvariantCulture,
        $"The address has {length} characters. At most {Longest} are possible; letters outside of a to z in the domain count as several."));

    private static (string? Kept, string? Problem) Refused(string problem) => (null, problem);
}
