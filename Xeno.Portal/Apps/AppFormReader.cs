using Xeno.Portal.Text;

namespace Xeno.Portal.Apps;

/// <summary>A form that was checked: every field as it is stored.</summary>
internal sealed record ReadForm(string Name, IReadOnlyList<string> RedirectUris, string? HomepageUrl, string? Description, bool HasSecret);

/// <summary>Checks a form: returns the values to store, or what is wrong with each field.</summary>
internal static class AppFormReader
{
    private const int LongestHomepage = 2048;
    private const int LongestDescription = 500;

    /// <param name="stored">
    /// The app that is edited: what it has already is taken as it is, also where a rule came later. Null for a new app.
    /// </param>
    public static ReadForm? Read(AppForm form, out AppFormProblems problems, ReadForm? stored = null)
    {
        string? nameProblem = null;
        var name = stored is not null && Trimmed(form.Name) == stored.Name ? stored.Name : AppNames.Read(form.Name, out nameProblem);
        var redirectUris = RedirectUris.Parse(form.RedirectUris, form.HasSecret, out var redirectProblem, stored?.RedirectUris);
        var homepage = Trimmed(form.HomepageUrl);
        var description = Trimmed(form.Description);
        problems = new AppFormProblems(
            nameProblem, redirectProblem,
            homepage == stored?.HomepageUrl ? null : HomepageProblem(homepage),
            description == stored?.Description ? null : DescriptionProblem(description));
        return problems.Any ? null : new ReadForm(name!, redirectUris, homepage, description, form.HasSecret);
    }

    private static string? Trimmed(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    // The description is shown on the consent page, as the name is.
    private static string? DescriptionProblem(string? text)
    {
        if (text is null)
            return null;
        if (text.Length > LongestDescription)
            return $"The description has {text.Length} characters; at most {LongestDescription} fit.";
        if (UnseenCharacters.AreIn(text, isProse: true))
            return "The description contains characters that cannot be seen or that change the direction of text. Type it again by hand.";
        return CombiningMarks.AreMisplacedIn(text)
            ? "The description has accents or other marks without a letter that fits them, or too many on one letter. Leave them out."
            : null;
    }

    private static string? HomepageProblem(string? url)
    {
        if (url is null)
            return null;
        if (url.Length > LongestHomepage)
            return $"The address is longer than {LongestHomepage} characters.";
        return Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "https" or "http" && parsed.UserInfo.Length == 0
            && !url.Any(char.IsControl)
            ? null
            : "This is not a web address. Write it in full, for example https://app.example.com";
    }
}
