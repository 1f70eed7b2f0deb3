using Xeno.Portal.Scopes;

namespace Xeno.Portal.OAuth;

/// <summary>Everything the consent page draws and carries on; made by <see cref="ConsentService"/>, drawn by <c>ConsentPage</c>.</summary>
/// <param name="AppName">Shown as text; checked at registration for characters that deceive.</param>
/// <param name="HomepageUrl">The app's own page, or null.</param>
/// <param name="Description">What the app says about itself, or null.</param>
/// <param name="Developer">Who registered the app.</param>
/// <param name="Destination">Where the browser goes after either button, in words.</param>
/// <param name="RedirectUri">The same as an address, for the page's <c>form-action</c>.</param>
/// <param name="Account">The signed-in account's e-mail address: who would allow it.</param>
/// <param name="NewScopes">What is asked for and not held yet.</param>
/// <param name="HeldScopes">What the app already has on this account.</param>
/// <param name="Parameters">The request, to be carried in the form.</param>
/// <param name="Ticket">Binds the form to this account and this request.</param>
/// <param name="SwitchAccountUrl">"Not you?": the log-in page, leading back to this request.</param>
/// <param name="Notice">Why the page shows again, or null.</param>
public sealed record ConsentRequest(
    string AppName, string? HomepageUrl, string? Description, string Developer, string Destination, string RedirectUri, string Account,
    ScopeSet NewScopes, ScopeSet HeldScopes, IReadOnlyList<KeyValuePair<string, string>> Parameters, string Ticket, string SwitchAccountUrl,
    string? Notice);
