using System.Security.Claims;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Data.Sessions;
using Xeno.Portal.Scopes;
using Xeno.Portal.Text;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Xeno.Portal.OAuth;

/// <summary>Decides whether the account's owner must be asked for consent, and issues the code after Allow (RFC 6749 §4.1.1).</summary>
internal sealed class ConsentService(
    AccountLookup accounts, TokenRows rows, ConsentTicket tickets, IOptions<OAuthOptions> options, ILogger<ConsentService> log)
{
    /// <summary>
    /// Whether consent is needed. It is remembered while the app is installed: when all scopes asked for are among those of the account's
    /// granted tokens for the app, the page is not shown. For an app without a secret it is always shown, because any program can claim to
    /// be that app (RFC 8252 §8.6).
    /// </summary>
    public static ConsentState StateOf(LiveSession session, AuthorizationRequestFacts facts, ScopeSet asked)
    {
        var held = ScopeSet.FromStored(session.Held!.Scopes);
        var isPublic = facts.App!.ClientType == ClientTypes.Public;
        return new ConsentState(session.Email, held, IsRemembered: !isPublic && held.Covers(asked));
    }

    /// <summary>What the consent page shows.</summary>
    public async Task<ConsentRequest> AskAsync(
        string accountId, ConsentState state, AuthorizationRequestFacts facts, ScopeSet asked, string requestUrl, string? notice)
    {
        var app = facts.App!;
        var developer = await accounts.NameAsync(app.OwnerId);

        return new ConsentRequest(
            app.DisplayName ?? app.ClientId!, app.HomepageUrl, app.Description, developer ?? "",
            Destination(facts.TrustedRedirectUri!), EmailAddress.Shown(state.Email), asked.Except(state.Held), state.Held,
            [.. facts.Parameters.Values.Where(parameter => ConsentForm.Carries(parameter.Key))],
            tickets.For(accountId, facts.Parameters), PortalUrls.LoginThen(requestUrl, again: true), notice);
    }

    /// <summary>True when the form was made for this account and exactly this request.</summary>
    public bool Covers(string? ticket, string accountId, AuthorizationRequestFacts facts)
        => tickets.Fits(ticket, accountId, facts.Parameters);

    /// <summary>Logs an Allow.</summary>
    public void Allow(string accountId, AuthorizationRequestFacts facts, ScopeSet asked)
        => OAuthLog.Allowed(log, accountId, facts.App!.ClientId!, asked.ToString());

    /// <summary>
    /// Issues the code of this request. Gives the principal with account and scopes that the engine needs to answer with it; null when
    /// consent was remembered, and the app was uninstalled since that was read.
    /// </summary>
    public async Task<ClaimsPrincipal?> IssueCodeAsync(
        string accountId, AuthorizationRequestFacts facts, ScopeSet asked, string? codeChallenge)
    {
        var binding = new CodeBinding(facts.TrustedRedirectUri!, facts.RedirectUriWasSent, codeChallenge);
        var details = new CodeDetails(facts.App!, accountId, asked, binding, facts.IsRemembered);
        facts.Code = await rows.IssueCodeAsync(details, options.Value.AuthorizationCodeLifetime);
        if (facts.Code is null)
            return null;

        var identity = new ClaimsIdentity("xeno-consent");
        identity.SetClaim(Claims.Subject, accountId);
        identity.SetScopes(asked.Names);
        return new ClaimsPrincipal(identity);
    }

    /// <summary>Logs a Cancel.</summary>
    public void Cancel(string accountId, AuthorizationRequestFacts facts)
        => OAuthLog.Cancelled(log, accountId, facts.App!.ClientId!);

    private static string Destination(string redirectUri)
    {
        var uri = new Uri(redirectUri);
        if (uri.Scheme is not ("http" or "https"))
            return $"an app on this device ({uri.Scheme})";
        return uri.IsLoopback ? $"an app on this device ({uri.Authority})" : ShownHost.Of(uri);
    }
}

/// <summary>What is known of the account before the consent page.</summary>
/// <param name="Email">The account's e-mail address.</param>
/// <param name="Held">The scopes that the app already has on the account.</param>
/// <param name="IsRemembered">The consent page need not be shown.</param>
internal sealed record ConsentState(string Email, ScopeSet Held, bool IsRemembered);
