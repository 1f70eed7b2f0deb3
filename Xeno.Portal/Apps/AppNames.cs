using Xeno.Portal.Text;

namespace Xeno.Portal.Apps;

/// <summary>
/// The rules for an app's name. The consent page shows it, so it must not deceive: no invisible characters, none that change the direction
/// of text, no piles of marks, no letters of several scripts in one name (UTS 39, "highly restrictive"), not the portal's own name. What
/// people do write in names is taken: emoji, and joiners where a script needs them.
/// </summary>
public static class AppNames
{
    public const int Longest = 80;

    /// <summary>The name as it is stored (trimmed); or null, with the reason and what to do in <paramref name="problem"/>.</summary>
    public static string? Read(string? typed, out string? problem)
    {
        var name = (typed ?? "").Trim();
        if (name.Length == 0)
            problem = "Enter the name that people will see when they are asked to install the app.";
        else if (name.Length > Longest)
            problem = $"The name has {name.Length} characters; at most {Longest} fit. Shorten it.";
        else if (UnseenCharacters.AreIn(name))
            problem = "The name contains characters that cannot be seen or that change the direction of text. Type it again by hand.";
        else if (CombiningMarks.AreMisplacedIn(name))
            problem = "The name has accents or other marks without a letter that fits them, or too many on one letter. Leave them out.";
        else if (!Scripts.AreOneIn(name))
            problem = "The name mixes letters of different alphabets that look alike, for example Latin and Cyrillic. Use one alphabet.";
        else if (ReservedWords.AreIn(name))
            problem = "The name contains Xeno, the portal's own name. Leave it out, and say what your app is.";
        else
        {
            problem = null;
            return name;
        }

        return null;
    }
}
