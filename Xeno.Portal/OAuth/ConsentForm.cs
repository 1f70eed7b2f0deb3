namespace Xeno.Portal.OAuth;

/// <summary>The fields that the consent page adds to the parameters of the request it carries.</summary>
internal static class ConsentForm
{
    public const string Decision = "decision";
    public const string Allow = "allow";
    public const string Cancel = "cancel";
    public const string Ticket = "consent_ticket";
    public const string Antiforgery = "__RequestVerificationToken";

    /// <summary>Everything that is not part of the authorization request itself.</summary>
    public static IReadOnlyCollection<string> OwnFields { get; } = [Decision, Ticket, Antiforgery, LoginAgain.Parameter];

    /// <summary>What the form carries on: the request, and the note of a log-in that it asked for; the rest is made anew for each page.</summary>
    public static bool Carries(string name) => name is not (Decision or Ticket or Antiforgery);
}
