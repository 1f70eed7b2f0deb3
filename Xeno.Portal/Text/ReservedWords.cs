using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Xeno.Portal.Text;

/// <summary>
/// The portal's own name, which no app and no account may bear: as a word of its own, in any case, with other characters that look like its
/// letters, or spelled with gaps. A longer word that begins like it ("Xenon") is another word.
/// </summary>
internal static class ReservedWords
{
    private static readonly string[] s_words = ["xeno", "xenoportal"];

    private static readonly FrozenDictionary<Rune, char> s_lookalikes = new (char Letter, string Lookalikes)[]
    {
        ('x', "×χхⲭꓫẋẍⅹ᙭ˣₓ✕✖"),
        ('e', "èéêëēĕėęěȅȇȩɇḕḗḙḛḝẹẻẽếềểễệɛəǝеѐёєεέⲉꓰᴇᵉₑ℮ℯ€3"),
        ('n', "ñńņňŉŋǹƞɲɳṅṇṉṋɴⁿₙνпиⲛꓠոռ"),
        ('o', "òóôõöøōŏőơǒǫǭǿȍȏȫȭȯȱɵṍṏṑṓọỏốồổỗộớờởỡợοόоօⲟꓳᴏᵒₒºℴ°○◯0"),
    }.SelectMany(row => row.Lookalikes.EnumerateRunes().Select(rune => (rune, row.Letter)))
        .ToFrozenDictionary(pair => pair.rune, pair => pair.Letter);

    public static bool AreIn(string name)
    {
        Rune[] runes = [.. name.EnumerateRunes().Where(IsDrawn).Select(Undecorated)];
        var skeleton = string.Concat(runes.Select(Skeleton));
        return s_words.Any(word => IsWordOf(skeleton, runes, word)) || IsSpelledIn(skeleton);
    }

    private static bool IsWordOf(string skeleton, Rune[] runes, string word)
        => Enumerable.Range(0, Math.Max(0, skeleton.Length - word.Length + 1)).Any(at
            => skeleton.AsSpan(at).StartsWith(word)
                && IsBoundary(runes, at, outside: at - 1)
                && IsBoundary(runes, at + word.Length, outside: at + word.Length));

    /// <summary>Whether a word begins or ends here: no letter stands outside it, or a capital begins a new one, as in "MyXeno".</summary>
    private static bool IsBoundary(Rune[] runes, int at, int outside)
    {
        if (outside < 0 || outside == runes.Length || !Rune.IsLetter(runes[outside]))
            return true;
        return Rune.IsUpper(runes[at])
            && (Rune.IsLower(runes[at - 1]) || (at + 1 < runes.Length && Rune.IsLower(runes[at + 1])));
    }

    /// <summary>"X e n o", "X.E.N.O Tools"; or the whole name with a gap, as in "Xe-no".</summary>
    private static bool IsSpelledIn(string skeleton)
    {
        var words = skeleton.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var singleLetters = string.Concat(words.Select(word => word.Length == 1 ? word : "|"));
        return s_words.Any(singleLetters.Contains) || s_words.Contains(string.Concat(words));
    }

    // Marks are left out, and so are joiners: an accent does not make it another word.
    private static bool IsDrawn(Rune rune) => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format);

    /// <summary>The plain letter or digit of one that is full-width, mathematical, or in a circle or square; otherwise the same.</summary>
    private static Rune Undecorated(Rune rune) => rune.Value switch
    {
        >= 0xFF10 and <= 0xFF5A => new Rune(rune.Value - 0xFEE0),
        >= 0x1D400 and < 0x1D6A4 => Letter((rune.Value - 0x1D400) % 52),
        >= 0x1D7CE and <= 0x1D7FF => new Rune('0' + ((rune.Value - 0x1D7CE) % 10)),
        >= 0x249C and <= 0x24B5 => Letter(rune.Value - 0x249C + 26),
        >= 0x24B6 and <= 0x24E9 => Letter(rune.Value - 0x24B6),
        >= 0x1F110 and <= 0x1F129 => Letter(rune.Value - 0x1F110),
        >= 0x1F130 and <= 0x1F149 => Letter(rune.Value - 0x1F130),
        >= 0x1F150 and <= 0x1F169 => Letter(rune.Value - 0x1F150),
        >= 0x1F170 and <= 0x1F189 => Letter(rune.Value - 0x1F170),
        >= 0x1F1E6 and <= 0x1F1FF => Letter(rune.Value - 0x1F1E6),
        _ => rune,
    };

    private static Rune Letter(int index) => new(index < 26 ? 'A' + index : 'a' + index - 26);

    /// <summary>One character for each: the letter that it is or looks like, or a space for what stands between words.</summary>
    private static char Skeleton(Rune rune)
    {
        var lower = Rune.ToLowerInvariant(rune);
        if (s_lookalikes.TryGetValue(lower, out var letter))
            return letter;
        return Rune.IsLetterOrDigit(rune) ? (lower.IsBmp ? (char)lower.Value : '?') : ' ';
    }
}
