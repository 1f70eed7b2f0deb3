using Microsoft.EntityFrameworkCore;
using Xeno.Portal.Data;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Scopes;

namespace Xeno.Portal.Api;

/// <summary>
/// Whether a bearer token opens the API now: one statement for each call, and nothing remembered between calls, so that a revocation holds on
/// the very next one, on every node.
/// </summary>
internal sealed class BearerTokens(PortalDbContext database, TokenUse use)
{
    private const int TokenLength = 64;

    private static readonly Func<PortalDbContext, string, Task<LiveToken?>> s_find = EF.CompileAsyncQuery(
        (PortalDbContext database, string hash) => database.Tokens
            .Where(token => token.ReferenceId == hash && token.Type == TokenKinds.AccessToken && token.Status == TokenStatuses.Valid
                && token.Application!.SuspendedAt == null && token.Account!.SuspendedAt == null)
            .Select(token => new LiveToken(token.Id!, token.Subject!, token.Application!.ClientId!, token.Scopes!))
            .SingleOrDefault());

    /// <summary>The caller behind a token, or null when it is not valid.</summary>
    public async Task<Caller?> FindAsync(string token)
    {
        // What was never one of our tokens needs no question to the database.
        if (token.Length != TokenLength || !token.All(char.IsAsciiHexDigitLower))
            return null;

        if (await s_find(database, TokenHash.Of(token)) is not { } live)
            return null;

        use.Note(live.Id, live.AccountId);
        return new Caller(live.AccountId, live.ClientId, ScopeSet.FromStored(live.Scopes));
    }

    private sealed record LiveToken(string Id, string AccountId, string ClientId, string Scopes);
}
