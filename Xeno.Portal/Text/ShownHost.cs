using System.Globalization;
using System.Text;

namespace Xeno.Portal.Text;

/// <summary>
/// A host name as a person is shown it. A label that could be taken for another one is shown in punycode (RFC 5891): with letters of
/// several scripts, with letters that are rare, or with nothing but letters that look Latin. Address bars of browsers do the same.
/// </summary>
public static class ShownHost
{
    private const string Punycode = "xn--";

    private static readonly IdnMapping s_idn = new();

    // The letters of other scripts that look like Latin ones.
    private static readonly Dictionary<string, string> s_looksLatin = new(StringComparer.Ordinal)
    {
        [Scripts.Cyrillic] = "асеһіјӏорԛѕԝхуԁѵ", [Scripts.Greek] = "αγικνορτυχω", [Scripts.Armenian] = "օոսհցզյգքլ",
    };

    // Scripts in everyday use. Letters of all others are rare enough to be taken for something else.
    private static readonly HashSet<string> s_everyday = new(StringComparer.Ordinal)
    {
        Scripts.Latin, Scripts.Greek, Scripts.Cyrillic, Scripts.Armenian, Scripts.Han, Scripts.Kana, Scripts.Hangul, Scripts.Bopomofo,
        "Hebrew", "Arabic", "Thaana", "Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil", "Telugu", "Kannada", "Malayalam",
        "Sinhala", "Thai", "Lao", "Tibetan", "Myanmar", "Georgian", "Ethiopic", "Khmer",
    };

    /// <summary>Host and, if it is not the usual one, port: the same whether the address was written in Unicode or in punycode.</summary>
    public static string Of(Uri address)
    {
        var host = Of(AsciiHost(address));
        return address.IsDefaultPort ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{address.Port}");
    }

    /// <summary>A host that is given in ASCII.</summary>
    public static string Of(string asciiHost)
    {
        var labels = asciiHost.Split('.');
        var top = Readable(labels[^1], isLatinTop: labels.Length == 1);
        var isLatinTop = Ascii.IsValid(top);
        return string.Join('.', labels[..^1].Select(label => Readable(label, isLatinTop)).Append(top));
    }

    private static string AsciiHost(Uri address)
    {
        if (address.HostNameType is UriHostNameType.IPv6)
            return address.Host; // With its brackets.
        try
        {
            return Ascii.IsValid(address.IdnHost) ? address.IdnHost : Uri.EscapeDataString(address.Host);
        }
        catch (UriFormatException)
        {
            return Uri.EscapeDataString(address.Host); // Too long, for example: no such host exists.
        }
    }

    private static string Readable(string label, bool isLatinTop)
    {
        if (!label.StartsWith(Punycode, StringComparison.OrdinalIgnoreCase))
            return label;
        try
        {
            var decoded = s_idn.GetUnicode(label);
            return s_idn.GetAscii(decoded) == label && IsUnmistakable(decoded, isLatinTop) ? decoded : label;
        }
        catch (ArgumentException)
        {
            return label; // Not punycode after all.
        }
    }

    /// <param name="isLatinTop">
    /// Whether the host ends in Latin letters, as in <c>.com</c>; otherwise a reader expects no Latin letters before it.
    /// </param>
    private static bool IsUnmistakable(string label, bool isLatinTop)
    {
        var scripts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var rune in label.EnumerateRunes().Where(rune => rune.Value is not ('-' or (>= '0' and <= '9'))))
        {
            if (Scripts.Of(rune) is not { } script || !s_everyday.Contains(script) || !IsPlainLetter(rune, script))
                return false;
            scripts.Add(script);
        }

        // Latin beside East Asian letters is left out too: some of those look like a slash or a dash.
        if (!Scripts.AreOne(scripts) || (scripts.Count > 1 && scripts.Contains(Scripts.Latin)))
            return false;
        return !isLatinTop || scripts.Count != 1 || !s_looksLatin.TryGetValue(scripts.First(), out var looksLatin)
            || label.Any(c => char.IsLetter(c) && !looksLatin.Contains(c, StringComparison.Ordinal));
    }

    private static bool IsPlainLetter(Rune rune, string script)
    {
        if (!Rune.IsLetter(rune) && !Rune.IsDigit(rune) && !CombiningMarks.IsMark(rune))
            return false;
        return script switch
        {
            Scripts.Latin => rune.Value is (>= 'a' and <= 'z') or (>= 0xDF and <= 0x17E) or (>= 0x1E00 and <= 0x1EFF)
                || "ơưǎǐǒǔǖǘǚǜșț".EnumerateRunes().Contains(rune),
            Scripts.Hangul => rune.Value is >= 0xAC00 and <= 0xD7A3,
            _ => rune.Value is not (>= 0xF900 and <= 0xFFFF), // Compatibility forms, which browsers replace.
        };
    }
}
