namespace Xeno.Portal.OAuth;

/// <summary>The fields that the consent page adds to the parameters of the request it carries.</summary>
internal static class ConsentForm
{
    public const string Decision = "decision";
    public const string Allow = "allow";
    public const string Cancel = "cancel";
    public const string Ticket = "consent_ticket";
    public const string Antiforgery = "__RequestVerificationToken";

    /// <summary>All fields that are no part of the authorization request itself.</summary>
    public static IReadOnlyCollection<string> OwnFields { get; } = [Decision, Ticket, Antiforgery, LoginAgain.Parameter];

    /// <summary>
    /// Whether the form repeats this field: the request's parameters, and the note of a log-in that it asked for. The others are new on
    /// each page.
    /// </summary>
    public static bool Carries(string name) => name is not (Decision or Ticket or Antiforgery);
}
