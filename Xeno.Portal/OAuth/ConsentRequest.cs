using Xeno.Portal.Scopes;

namespace Xeno.Portal.OAuth;

/// <summary>All that the consent page shows and posts back. Made by <see cref="ConsentService"/>, drawn by <c>ConsentPage</c>.</summary>
/// <param name="AppName">Shown as text. Misleading characters were refused at registration.</param>
/// <param name="HomepageUrl">The app's own page, or null.</param>
/// <param name="Description">The text about the app that its developer wrote, or null.</param>
/// <param name="Developer">Who registered the app.</param>
/// <param name="Destination">Where the browser goes after either button, in words.</param>
/// <param name="Account">The e-mail address of the signed-in account.</param>
/// <param name="NewScopes">The scopes that are asked for and that the app does not have yet.</param>
/// <param name="HeldScopes">The scopes that the app already has on this account.</param>
/// <param name="Parameters">The parameters of the request, for hidden fields of the form.</param>
/// <param name="Ticket">Binds the form to this account and this request.</param>
/// <param name="SwitchAccountUrl">"Not you?": the log-in page, leading back to this request.</param>
/// <param name="Notice">Why the page is shown again, or null.</param>
public sealed record ConsentRequest(
    string AppName, string? HomepageUrl, string? Description, string Developer, string Destination, string Account,
    ScopeSet NewScopes, ScopeSet HeldScopes, IReadOnlyList<KeyValuePair<string, string>> Parameters, string Ticket, string SwitchAccountUrl,
    string? Notice);
