using System.Text;

namespace Xeno.Portal.Text;

/// <summary>
/// Which script a letter belongs to (UAX 24), by a table: .NET does not know scripts, and the portal runs without ICU. The table has the
/// scripts that people write today.
/// </summary>
public static class Scripts
{
    public const string Latin = "Latin", Greek = "Greek", Cyrillic = "Cyrillic", Armenian = "Armenian";
    public const string Han = "Han", Kana = "Kana", Hangul = "Hangul", Bopomofo = "Bopomofo";

    /// <summary>Letters and marks that may be used with any script.</summary>
    public const string Common = "Common";

    // First and last code point of each script's letters and marks.
    private static readonly (int First, int Last, string Script)[] s_ranges =
    [
        (0x0041, 0x024F, Latin), (0x0250, 0x02AF, Latin), (0x1D00, 0x1DBF, Latin), (0x1E00, 0x1EFF, Latin), (0x2C60, 0x2C7F, Latin),
        (0xA720, 0xA7FF, Latin), (0xAB30, 0xAB6F, Latin), (0xFB00, 0xFB06, Latin), (0xFF21, 0xFF5A, Latin),
        (0x02B0, 0x036F, Common), (0x1AB0, 0x1AFF, Common), (0x1CD0, 0x1CFF, Common), (0x1DC0, 0x1DFF, Common), (0x20D0, 0x20FF, Common),
        (0xA8E0, 0xA8FF, Common), (0xFE20, 0xFE2F, Common),
        (0x0370, 0x03FF, Greek), (0x1F00, 0x1FFF, Greek),
        (0x0400, 0x052F, Cyrillic), (0x1C80, 0x1C8F, Cyrillic), (0x2DE0, 0x2DFF, Cyrillic), (0xA640, 0xA69F, Cyrillic),
        (0x0530, 0x058F, Armenian), (0xFB13, 0xFB17, Armenian),
        (0x0590, 0x05FF, "Hebrew"), (0xFB1D, 0xFB4F, "Hebrew"),
        (0x0600, 0x06FF, "Arabic"), (0x0750, 0x077F, "Arabic"), (0x0870, 0x08FF, "Arabic"), (0xFB50, 0xFDFF, "Arabic"),
        (0xFE70, 0xFEFF, "Arabic"),
        (0x0700, 0x074F, "Syriac"), (0x0860, 0x086F, "Syriac"), (0x0780, 0x07BF, "Thaana"), (0x07C0, 0x07FF, "NKo"),
        (0x0900, 0x097F, "Devanagari"), (0x0980, 0x09FF, "Bengali"), (0x0A00, 0x0A7F, "Gurmukhi"), (0x0A80, 0x0AFF, "Gujarati"),
        (0x0B00, 0x0B7F, "Oriya"), (0x0B80, 0x0BFF, "Tamil"), (0x0C00, 0x0C7F, "Telugu"), (0x0C80, 0x0CFF, "Kannada"),
        (0x0D00, 0x0D7F, "Malayalam"), (0x0D80, 0x0DFF, "Sinhala"), (0x0E00, 0x0E7F, "Thai"), (0x0E80, 0x0EFF, "Lao"),
        (0x0F00, 0x0FFF, "Tibetan"), (0x1000, 0x109F, "Myanmar"), (0xA9E0, 0xA9FF, "Myanmar"), (0xAA60, 0xAA7F, "Myanmar"),
        (0x10A0, 0x10FF, "Georgian"), (0x1C90, 0x1CBF, "Georgian"), (0x2D00, 0x2D2F, "Georgian"),
        (0x1200, 0x139F, "Ethiopic"), (0x2D80, 0x2DDF, "Ethiopic"), (0xAB00, 0xAB2F, "Ethiopic"),
        (0x1780, 0x17FF, "Khmer"), (0x1800, 0x18AF, "Mongolian"),
        (0x1100, 0x11FF, Hangul), (0x3130, 0x318F, Hangul), (0xA960, 0xA97F, Hangul), (0xAC00, 0xD7FF, Hangul), (0xFFA0, 0xFFDC, Hangul),
        (0x3040, 0x309F, Kana), (0x30A0, 0x30FF, Kana), (0x31F0, 0x31FF, Kana), (0xFF66, 0xFF9F, Kana),
        (0x3100, 0x312F, Bopomofo), (0x31A0, 0x31BF, Bopomofo),
        (0x2E80, 0x2FDF, Han), (0x3005, 0x3007, Han), (0x3400, 0x4DBF, Han), (0x4E00, 0x9FFF, Han), (0xF900, 0xFAFF, Han),
        (0x20000, 0x3FFFF, Han),
        (0x13A0, 0x13FF, "Cherokee"), (0xAB70, 0xABBF, "Cherokee"), (0x1400, 0x167F, "Canadian"), (0x18B0, 0x18FF, "Canadian"),
        (0x2C00, 0x2C5F, "Glagolitic"), (0x2C80, 0x2CFF, "Coptic"), (0x2D30, 0x2D7F, "Tifinagh"), (0xA000, 0xA4CF, "Yi"),
        (0xA4D0, 0xA4FF, "Lisu"), (0xA500, 0xA63F, "Vai"), (0x1D400, 0x1D7FF, "Mathematical"), (0x1E900, 0x1E95F, "Adlam"),
    ];

    // East Asian writing mixes these scripts, also with Latin (UTS 39, "highly restrictive").
    private static readonly HashSet<string>[] s_mixtures = [[Latin, Han, Kana], [Latin, Han, Hangul], [Latin, Han, Bopomofo]];

    /// <summary>The script of a letter or mark; null: of a script that is not in the table.</summary>
    public static string? Of(Rune rune)
    {
        foreach (var (first, last, script) in s_ranges)
            if (rune.Value >= first && rune.Value <= last)
                return script;
        return null;
    }

    /// <summary>Whether the letters of <paramref name="text"/> are of one script, or of scripts that are written together.</summary>
    public static bool AreOneIn(string text) => AreOne(text.EnumerateRunes().Where(Rune.IsLetter).Select(letter => Of(letter) ?? "other"));

    /// <summary>Whether <paramref name="scripts"/> are one, or are written together; <see cref="Common"/> does not count.</summary>
    public static bool AreOne(IEnumerable<string> scripts)
    {
        var found = scripts.Where(script => script != Common).ToHashSet(StringComparer.Ordinal);
        return found.Count <= 1 || s_mixtures.Any(found.IsSubsetOf);
    }
}
