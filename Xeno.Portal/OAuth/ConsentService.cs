using System.Security.Claims;
using OpenIddict.Abstractions;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Scopes;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Xeno.Portal.OAuth;

/// <summary>Decides whether an account has to be asked, and makes the grant of one that has been (RFC 6749 §4.1.1).</summary>
internal sealed class ConsentService(AccountLookup accounts, TokenLedger ledger, ConsentTicket tickets, ILogger<ConsentService> log)
{
    /// <summary>
    /// The account's standing towards a request. Consent is remembered while the app is installed: when all the scopes are among those of the
    /// account's live tokens, nobody is asked. An app without a secret is asked for every time, because anybody can claim to be it
    /// (RFC 8252 §8.6). Null when the account is gone.
    /// </summary>
    public async Task<ConsentState?> FindAsync(string accountId, AuthorizationRequestFacts facts, ScopeSet asked)
    {
        if (await ledger.StandingAsync(accountId, facts.App!.Id!, facts.App.TokenGeneration) is not { } standing)
            return null;

        var held = ScopeSet.FromStored(standing.HeldScopes);
        var isPublic = facts.App.ClientType == ClientTypes.Public;
        return new ConsentState(standing.Email, standing.IsSuspended, held, IsRemembered: !isPublic && held.Covers(asked));
    }

    /// <summary>What the consent page shows.</summary>
    public async Task<ConsentRequest> AskAsync(
        string accountId, ConsentState state, AuthorizationRequestFacts facts, ScopeSet asked, string requestUrl, string? notice)
    {
        var app = facts.App!;
        var developer = await accounts.NameAsync(app.OwnerId);

        return new ConsentRequest(
            app.DisplayName ?? app.ClientId!, app.HomepageUrl, app.Description, WithoutMailDomain(developer ?? ""),
            Destination(facts.TrustedRedirectUri!), facts.TrustedRedirectUri!, state.Email, asked.Except(state.Held), state.Held,
            [.. facts.Parameters.Values.Where(parameter => ConsentForm.Carries(parameter.Key))],
            tickets.For(accountId, facts.Parameters), PortalUrls.LoginThen(requestUrl), notice);
    }

    /// <summary>True when the form was made for this account and exactly this request.</summary>
    public bool Covers(string? ticket, string accountId, AuthorizationRequestFacts facts) => tickets.Fits(ticket, accountId, facts.Parameters);

    /// <summary>Notes that the account said yes, and makes the grant.</summary>
    public ClaimsPrincipal Allow(string accountId, AuthorizationRequestFacts facts, ScopeSet asked)
    {
        OAuthLog.Allowed(log, accountId, facts.App!.ClientId!, asked.ToString());
        return Grant(accountId, asked);
    }

    /// <summary>The grant: who allows, and what. The engine turns it into a code.</summary>
    public static ClaimsPrincipal Grant(string accountId, ScopeSet asked)
    {
        var identity = new ClaimsIdentity("xeno-consent");
        identity.SetClaim(Claims.Subject, accountId);
        identity.SetScopes(asked.Names);
        return new ClaimsPrincipal(identity);
    }

    /// <summary>Notes that the account said no.</summary>
    public void Cancel(string accountId, AuthorizationRequestFacts facts) => OAuthLog.Cancelled(log, accountId, facts.App!.ClientId!);

    // A developer without a display name is shown by the first part of the address, so that the page gives nobody's address away.
    private static string WithoutMailDomain(string name) => name.IndexOf('@', StringComparison.Ordinal) is var at and > 0 ? name[..at] : name;

    private static string Destination(string redirectUri)
    {
        var uri = new Uri(redirectUri);
        if (uri.Scheme is not ("http" or "https"))
            return $"an app on this device ({uri.Scheme})";
        return uri.IsLoopback ? $"an app on this device ({uri.Authority})" : uri.Authority;
    }
}

/// <summary>How an account stands towards a request.</summary>
/// <param name="Email">The account's e-mail address.</param>
/// <param name="IsSuspended">A suspended account allows nothing.</param>
/// <param name="Held">What the app already has on the account.</param>
/// <param name="IsRemembered">Nobody needs to be asked.</param>
internal sealed record ConsentState(string Email, bool IsSuspended, ScopeSet Held, bool IsRemembered);
