using System.Globalization;

namespace Xeno.Portal.Apps;

/// <summary>A form that was checked: every field as it is stored.</summary>
internal sealed record ReadForm(string Name, IReadOnlyList<string> RedirectUris, string? HomepageUrl, string? Description, bool HasSecret);

/// <summary>Checks a form: returns the values to store, or what is wrong with each field.</summary>
internal static class AppFormReader
{
    private const int LongestHomepage = 2048;
    private const int LongestDescription = 500;

    public static ReadForm? Read(AppForm form, out AppFormProblems problems)
    {
        var name = AppNames.Read(form.Name, out var nameProblem);
        var redirectUris = RedirectUris.Parse(form.RedirectUris, form.HasSecret, out var redirectProblem);
        var homepage = Trimmed(form.HomepageUrl);
        var description = Trimmed(form.Description);
        problems = new AppFormProblems(
            nameProblem, redirectProblem, HomepageProblem(homepage), DescriptionProblem(description));
        return problems.Any ? null : new ReadForm(name!, redirectUris, homepage, description, form.HasSecret);
    }

    private static string? Trimmed(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string? DescriptionProblem(string? text)
    {
        if (text?.Length > LongestDescription)
            return $"The description has {text.Length} characters; at most {LongestDescription} fit.";
        return text is not null && text.Any(IsUnseen)
            ? "The description contains characters that cannot be seen or that change the direction of text. Type it again by hand."
            : null;
    }

    // The description is shown on the consent page. Joiners (U+200C, U+200D) are allowed: emoji and some scripts need them.
    private static bool IsUnseen(char c) => char.GetUnicodeCategory(c) switch
    {
        UnicodeCategory.Control => c is not ('\n' or '\r' or '\t'),
        UnicodeCategory.Format => c is not ('\u200c' or '\u200d'),
        _ => false,
    };

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
