using System.Buffers;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Scopes;

namespace Xeno.Portal.Api;

/// <summary>
/// Whether a bearer token opens the API now. One statement for each call and no cache, so that a revocation holds on the very next call, on
/// every node.
/// </summary>
internal sealed class BearerTokens(TokenLedger ledger)
{
    private const int TokenLength = 64;

    private static readonly SearchValues<char> s_hexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>The caller behind a token, or null when it is not valid.</summary>
    public async ValueTask<Caller?> FindAsync(string token)
    {
        // A text that cannot be one of our tokens costs no question to the database.
        if (token.Length != TokenLength || token.AsSpan().ContainsAnyExcept(s_hexDigits))
            return null;

        if (await ledger.FindUsableAsync(TokenHash.Of(token)) is not { } usable)
            return null;

        return new Caller(
            usable.Id, usable.AccountId, usable.ClientId, ScopeSet.FromStored(usable.Scopes), usable.Email, usable.EmailConfirmed,
            usable.DisplayName);
    }
}
