using Xeno.Portal.Telemetry;

namespace Xeno.Portal.OAuth;

/// <summary>What a row of a code or token adds to the facts of a request.</summary>
internal static class FactsOfRows
{
    /// <summary>
    /// Notes the account, the token and its scopes. Only for a token of the app that asks: no app may learn of another's account.
    /// </summary>
    public static void Note(this RequestFacts facts, TokenRow token)
        => (facts.AccountId, facts.TokenId, facts.Scopes) = (token.AccountId, token.Entry.Id, token.Scopes.ToString());
}
