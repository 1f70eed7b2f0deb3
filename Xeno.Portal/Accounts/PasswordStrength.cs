using Microsoft.AspNetCore.Identity;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Limits;
using Zxcvbn;
using Zxcvbn.Matcher;

namespace Xeno.Portal.Accounts;

/// <summary>
/// Refuses a password that is guessed in less than a million tries (NIST SP 800-63B §3.1.1.2): one of those that are used most, common
/// words, a row of keys, a date, what is known of the person or of the portal, or these one after the other. There are no rules about
/// which characters it is made of. zxcvbn estimates the tries; its dictionaries hold the passwords that are used most.
/// </summary>
internal sealed class PasswordStrength(PasswordWork work) : IPasswordValidator<Account>
{
    /// <summary>The code of the error.</summary>
    public const string Guessable = "PasswordGuessable";

    /// <summary>How much of a password is looked at. The estimate of a longer one would keep a processor busy for seconds.</summary>
    private const int LookedAt = 64;

    private static readonly double s_leastBits = Math.Log2(1_000_000);

    private static readonly string[] s_portal = ["xeno", "portal", "xenoportal"];

    private static readonly Zxcvbn.Zxcvbn s_zxcvbn = new();

    /// <inheritdoc />
    /// <exception cref="TooBusyException">The processors are busy with other passwords.</exception>
    public async Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user, string? password)
        => await ProblemOfAsync(password ?? "", user.Email, user.DisplayName) is { } problem
            ? IdentityResult.Failed(new IdentityError { Code = Guessable, Description = problem })
            : IdentityResult.Success;

    /// <summary>Why a password is guessed soon, and what to do; null: it is not.</summary>
    /// <exception cref="TooBusyException">The processors are busy with other passwords.</exception>
    public Task<string?> ProblemOfAsync(string password, string? email, string? name)
        => work.RunAsync(() => ProblemOf(password, [.. s_portal, .. WordsOf(email), .. WordsOf(name)]));

    private static string? ProblemOf(string password, IReadOnlyList<string> known)
    {
        var estimate = s_zxcvbn.EvaluatePassword(password[..Math.Min(password.Length, LookedAt)], known);
        if (estimate.Entropy >= s_leastBits)
            return null;

        var longest = estimate.MatchSequence.MaxBy(match => match.Token.Length);
        return $"The password is easy to guess: {ReasonOf(longest)} Use a few words that do not belong together.";
    }

    private static string ReasonOf(Match? match) => match switch
    {
        DictionaryMatch { DictionaryName: "user_inputs" } => "it is made of your address, your name or the portal's name.",
        DictionaryMatch { DictionaryName: "passwords" } => "it is, or contains, one of the passwords that are tried first.",
        DictionaryMatch => "it is a common word or name.",
        { Pattern: "repeat" } => "it repeats the same characters.",
        { Pattern: "sequence" } => "its characters follow each other, as in abcd or 1234.",
        { Pattern: "spatial" } => "its keys stand side by side on the keyboard.",
        { Pattern: "date" or "year" } => "it is a date or a year.",
        _ => "it is too short for what it is made of.",
    };

    /// <summary>An address or a name as a whole and in its parts, as far as somebody would try them.</summary>
    private static IEnumerable<string> WordsOf(string? text) => text is null
        ? []
        : text.Split(['@', '.', '-', '_', '+', ' '], StringSplitOptions.RemoveEmptyEntries).Append(text)
            .Where(word => word.Length > 2).Select(word => word.ToLowerInvariant());
}
