using System.Globalization;
using System.Text;

namespace Xeno.Portal.Text;

/// <summary>
/// Finds characters that draw nothing, or that change the direction of text: with them two texts can look the same, or a text can look
/// like another one. Joiners and variation selectors are taken only where they are needed to write: within emoji, after emoji, and between
/// letters of scripts that use them (after RFC 5892 appendix A).
/// </summary>
public static class UnseenCharacters
{
    private const int ZeroWidthNonJoiner = 0x200C, ZeroWidthJoiner = 0x200D;
    private const int TextStyle = 0xFE0E, EmojiStyle = 0xFE0F, Keycap = 0x20E3;

    private static readonly HashSet<string> s_joiningScripts = new(StringComparer.Ordinal)
    {
        "Arabic", "Syriac", "NKo", "Adlam", "Mongolian", "Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil", "Telugu",
        "Kannada", "Malayalam", "Sinhala", "Khmer",
    };

    /// <summary>Whether <paramref name="text"/> contains one, or a character that is not well formed.</summary>
    /// <param name="isProse">A text of several lines: then line breaks, tabs and every kind of space are taken.</param>
    public static bool AreIn(string text, bool isProse = false)
    {
        Rune[] runes = [.. text.EnumerateRunes()];
        return Enumerable.Range(0, runes.Length).Any(at => IsUnseen(runes, at, isProse));
    }

    private static bool IsUnseen(Rune[] runes, int at, bool isProse) => runes[at].Value switch
    {
        ZeroWidthJoiner => !IsWithinEmoji(runes, at) && !IsBetweenLetters(runes, at),
        ZeroWidthNonJoiner => !IsBetweenLetters(runes, at),
        TextStyle or EmojiStyle => !IsAfterEmoji(runes, at),
        // The other variation selectors, and characters of other categories that draw nothing.
        (>= 0xFE00 and <= 0xFE0D) or (>= 0xE0100 and <= 0xE01EF) => true,
        0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2800 or 0x3164 or 0xFFA0 or 0x1D159 => true,
        0xFFFD => true, // Also what a lone surrogate is read as.
        '\n' or '\r' or '\t' => !isProse,
        ' ' => false,
        _ => Rune.GetUnicodeCategory(runes[at]) switch
        {
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse => true,
            UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => !isProse,
            UnicodeCategory.OtherNotAssigned => !IsEmoji(runes[at]), // Places for new emoji, which browsers may know before .NET does.
            _ => false,
        },
    };

    private static bool IsWithinEmoji(Rune[] runes, int joiner)
    {
        var before = joiner - 1;
        if (before > 0 && runes[before].Value is EmojiStyle or (>= 0x1F3FB and <= 0x1F3FF)) // The style or a skin tone.
            before--;
        return before >= 0 && joiner + 1 < runes.Length && IsEmoji(runes[before]) && IsEmoji(runes[joiner + 1]);
    }

    private static bool IsBetweenLetters(Rune[] runes, int joiner)
    {
        if (joiner == 0 || ScriptOf(runes[joiner - 1]) is not { } script || !s_joiningScripts.Contains(script))
            return false;

        // At the end of a word a joiner makes sense only after a virama: it decides how that is drawn.
        return IsVirama(runes[joiner - 1]) || (joiner + 1 < runes.Length && ScriptOf(runes[joiner + 1]) == script);
    }

    private static string? ScriptOf(Rune rune) => Rune.IsLetter(rune) || CombiningMarks.IsMark(rune) ? Scripts.Of(rune) : null;

    // In the blocks from Devanagari to Malayalam it has one place.
    private static bool IsVirama(Rune rune)
        => rune.Value == 0x0DCA || (rune.Value is >= 0x0900 and < 0x0D80 && (rune.Value & 0x7F) == 0x4D);

    private static bool IsAfterEmoji(Rune[] runes, int selector)
        => selector > 0 && (IsEmoji(runes[selector - 1])
            || (runes[selector - 1].Value is '#' or '*' or (>= '0' and <= '9') && selector + 1 < runes.Length
                && runes[selector + 1].Value == Keycap));

    /// <summary>
    /// Whether it is an Extended_Pictographic character. .NET shows this property only by what it does: two such characters with a joiner
    /// between them are one character to the reader (UAX 29, GB11).
    /// </summary>
    private static bool IsEmoji(Rune rune)
    {
        // The same is true of marks, which continue whatever they follow.
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol)
            return false;
        var joined = $"{rune}\u200D{rune}";
        return StringInfo.GetNextTextElementLength(joined) == joined.Length;
    }
}
