using System.Globalization;
using System.Text;

namespace Xeno.Portal.Text;

/// <summary>
/// Finds marks that no writing needs: without a letter to carry them, on a letter of another script, or piled up so that they run into the
/// lines above and below (UTS 39 §5.4).
/// </summary>
public static class CombiningMarks
{
    /// <summary>The most marks that one letter carries: Burmese and pointed Hebrew need four.</summary>
    private const int Most = 4;

    /// <summary>The most of those that fit letters of any script: Greek with breathing, accent and iota needs three.</summary>
    private const int MostCommon = 3;

    public static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.SpacingCombiningMark;

    /// <summary>Whether a mark in <paramref name="text"/> has no letter that fits it, or too many others beside it.</summary>
    public static bool AreMisplacedIn(string text)
    {
        Rune? carrier = null, last = null;
        var (count, common) = (0, 0);
        foreach (var rune in text.EnumerateRunes().Where(rune => !IsPartOfWhatItFollows(rune)))
        {
            if (!IsMark(rune))
            {
                (carrier, last, count, common) = (CanCarry(rune) ? rune : null, null, 0, 0);
                continue;
            }

            var script = Scripts.Of(rune);
            if (carrier is not { } letter || (script != Scripts.Common && script != Scripts.Of(letter)))
                return true;
            // A spacing mark has a place of its own in the line.
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpacingCombiningMark)
                continue;
            if (rune == last || ++count > Most || (script == Scripts.Common && ++common > MostCommon))
                return true;
            last = rune;
        }

        return false;
    }

    // Joiners and variation selectors.
    private static bool IsPartOfWhatItFollows(Rune rune)
        => rune.Value is >= 0xFE00 and <= 0xFE0F || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format;

    // # and * carry the frame of an emoji key.
    private static bool CanCarry(Rune rune) => Rune.IsLetterOrDigit(rune) || rune.Value is '#' or '*';
}
