namespace Xeno.Portal.Text;

/// <summary>
/// The rules for a name that one person writes and others are shown, before they trust what bears it. It must not deceive: no invisible
/// characters, none that change the direction of text, no piles of marks, no letters of several scripts in one name (UTS 39, "highly
/// restrictive"), not the portal's own name. What people do write in names is taken: emoji, and joiners where a script needs them.
/// </summary>
public static class ShownName
{
    public const int Longest = 80;

    /// <summary>What is wrong with a name and what to do; null: nothing.</summary>
    /// <param name="name">Trimmed, not empty.</param>
    public static string? ProblemOf(string name)
    {
        if (name.Length > Longest)
            return $"The name has {name.Length} characters; at most {Longest} fit. Shorten it.";
        if (UnseenCharacters.AreIn(name))
            return "The name contains characters that cannot be seen or that change the direction of text. Type it again by hand.";
        if (CombiningMarks.AreMisplacedIn(name))
            return "The name has accents or other marks without a letter that fits them, or too many on one letter. Leave them out.";
        if (!Scripts.AreOneIn(name))
            return "The name mixes letters of different alphabets that look alike, for example Latin and Cyrillic. Use one alphabet.";
        return ReservedWords.AreIn(name) ? "The name contains Xeno, the portal's own name. Leave it out." : null;
    }
}
