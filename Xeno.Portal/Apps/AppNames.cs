using System.Globalization;
using System.Text;

namespace Xeno.Portal.Apps;

/// <summary>
/// The rules for an app's name. The consent page shows it, so it must not deceive: no invisible characters, none that change the direction
/// of text, no letters of several scripts in one name (UTS 39, "highly restrictive"), not the portal's own name.
/// </summary>
public static class AppNames
{
    public const int Longest = 80;

    // First and last code point of each place in Unicode where a script has letters. Everything else (digits, signs, spaces) may be used
    // with any script.
    private static readonly (Script Script, (int First, int Last)[] Places)[] s_scripts =
    [
        (Script.Latin, [(0x0041, 0x02FF), (0x1E00, 0x1EFF), (0xA720, 0xA7FF), (0xFF21, 0xFF5A)]),
        (Script.Greek, [(0x0370, 0x03FF), (0x1F00, 0x1FFF)]),
        (Script.Cyrillic, [(0x0400, 0x052F), (0x1C80, 0x1C8F), (0xA640, 0xA69F)]),
        (Script.Armenian, [(0x0530, 0x058F)]),
        (Script.Hebrew, [(0x0590, 0x05FF)]),
        (Script.Arabic, [(0x0600, 0x06FF), (0x0750, 0x077F)]),
        (Script.Syriac, [(0x0700, 0x074F)]),
        (Script.Devanagari, [(0x0900, 0x097F)]),
        (Script.Bengali, [(0x0980, 0x09FF)]),
        (Script.Gurmukhi, [(0x0A00, 0x0A7F)]),
        (Script.Gujarati, [(0x0A80, 0x0AFF)]),
        (Script.Tamil, [(0x0B80, 0x0BFF)]),
        (Script.Telugu, [(0x0C00, 0x0C7F)]),
        (Script.Kannada, [(0x0C80, 0x0CFF)]),
        (Script.Malayalam, [(0x0D00, 0x0D7F)]),
        (Script.Sinhala, [(0x0D80, 0x0DFF)]),
        (Script.Thai, [(0x0E00, 0x0E7F)]),
        (Script.Lao, [(0x0E80, 0x0EFF)]),
        (Script.Myanmar, [(0x1000, 0x109F)]),
        (Script.Georgian, [(0x10A0, 0x10FF), (0x1C90, 0x1CBF)]),
        (Script.Ethiopic, [(0x1200, 0x139F)]),
        (Script.Cherokee, [(0x13A0, 0x13FF), (0xAB70, 0xABBF)]),
        (Script.Canadian, [(0x1400, 0x167F)]),
        (Script.Khmer, [(0x1780, 0x17FF)]),
        (Script.Glagolitic, [(0x2C00, 0x2C5F)]),
        (Script.Coptic, [(0x2C80, 0x2CFF)]),
        (Script.Hangul, [(0x1100, 0x11FF), (0x3130, 0x318F), (0xAC00, 0xD7AF)]),
        (Script.Kana, [(0x3040, 0x30FF), (0x31F0, 0x31FF), (0xFF66, 0xFF9F)]),
        (Script.Bopomofo, [(0x3100, 0x312F), (0x31A0, 0x31BF)]),
        (Script.Han, [(0x3005, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF)]),
    ];

    // East Asian writing mixes these scripts, also with Latin.
    private static readonly Script[][] s_mixtures =
    [
        [Script.Latin, Script.Han, Script.Kana], [Script.Latin, Script.Han, Script.Hangul], [Script.Latin, Script.Han, Script.Bopomofo],
    ];

    private static readonly string[] s_reserved = ["xeno", "xeno portal", "xenoportal"];

    /// <summary>The name as it is stored (trimmed); or null, with the reason and what to do in <paramref name="problem"/>.</summary>
    public static string? Read(string? typed, out string? problem)
    {
        var name = (typed ?? "").Trim();
        if (name.Length == 0)
            problem = "Enter the name that people will see when they are asked to install the app.";
        else if (name.Length > Longest)
            problem = $"The name has {name.Length} characters; at most {Longest} fit. Shorten it.";
        else if (!IsWellFormed(name) || name.EnumerateRunes().Any(IsUnseen))
            problem = "The name contains characters that cannot be seen or that change the direction of text. Type it again by hand.";
        else if (!IsOneScript(name))
            problem = "The name mixes letters of different alphabets that look alike, for example Latin and Cyrillic. Use one alphabet.";
        else if (s_reserved.Contains(name.ToLowerInvariant()))
            problem = "The name is the portal's own. Choose one that says what your app is.";
        else
        {
            problem = null;
            return name;
        }

        return null;
    }

    private static bool IsWellFormed(string text) => !text.EnumerateRunes().Contains(Rune.ReplacementChar);

    private static bool IsUnseen(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned => true,
        UnicodeCategory.SpaceSeparator => rune.Value != ' ',
        // Letters that draw nothing, and variation selectors.
        _ => rune.Value is 0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800 or 0x034F
            or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF),
    };

    private static bool IsOneScript(string name)
    {
        var scripts = name.EnumerateRunes().Where(Rune.IsLetter).Select(ScriptOf).ToHashSet();
        return scripts.Count <= 1 || s_mixtures.Any(scripts.IsSubsetOf);
    }

    private static Script ScriptOf(Rune letter) => s_scripts
        .FirstOrDefault(script => script.Places.Any(place => letter.Value >= place.First && letter.Value <= place.Last)).Script;

    private enum Script
    {
        Other, Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic, Syriac, Devanagari, Bengali, Gurmukhi, Gujarati, Tamil, Telugu, Kannada,
        Malayalam, Sinhala, Thai, Lao, Myanmar, Georgian, Ethiopic, Cherokee, Canadian, Khmer, Glagolitic, Coptic, Hangul, Kana, Bopomofo,
        Han,
    }
}
