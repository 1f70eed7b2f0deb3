using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Grants;
using Xeno.Portal.Scopes;

namespace Xeno.Portal.OAuth;

/// <summary>
/// Codes and access tokens as rows: the only place of the authorization server that makes, finds and ends them. The engine's token manager is
/// not used for them, because two things here must be one statement or one transaction: a code is spent only if it is still valid, and the
/// token it gives appears together with that (decision 0006).
/// </summary>
internal sealed class TokenRows(TokenLedger ledger, TimeProvider time, InstallChanges changes)
{
    /// <summary>A request that comes again this soon is a retry, not a replay: nothing is revoked.</summary>
    public static readonly TimeSpan RetryGrace = TimeSpan.FromSeconds(10);

    /// <summary>Makes a grant with its one code, in one transaction, and gives the code: 256 random bits, stored only as a hash.</summary>
    public async Task<string> IssueCodeAsync(CodeDetails details, TimeSpan lifetime)
    {
        var code = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
        await ledger.AddGrantAsync(
            new NewCode(
                details.AppId, details.AccountId, details.Scopes.ToString(), JsonSerializer.Serialize(details.Scopes.Names),
                TokenHash.Of(code), lifetime, JsonSerializer.Serialize(details.Binding)),
            time.GetUtcNow());
        OAuthMetrics.CodeIssued();
        return code;
    }

    /// <summary>
    /// Spends a code and issues its one access token, both or neither. Null when the code is no longer valid: of any number of parallel
    /// calls exactly one gets a token, on every database and every node.
    /// </summary>
    public async Task<string?> ExchangeAsync(TokenRow code)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        if (!await ledger.ExchangeAsync(code.Entry, TokenHash.Of(token), time.GetUtcNow()))
            return null;

        OAuthMetrics.CodeExchanged();
        changes.Publish(code.AccountId);
        return token;
    }

    /// <summary>The row behind a code or a token, whatever its status; null when there is none.</summary>
    public async ValueTask<TokenRow?> FindAsync(string value)
        => await ledger.FindAsync(TokenHash.Of(value)) is { } entry ? new TokenRow(entry) : null;

    /// <summary>Revokes a grant and what it gave: its code, if it still waits, and its one token. Nothing of any other grant.</summary>
    /// <param name="by">Who ends it, for the metrics: <c>app</c> or <c>replay</c>.</param>
    public async Task RevokeGrantAsync(TokenRow of, string by)
    {
        if (await ledger.RevokeGrantAsync(of.GrantId))
            GrantMetrics.Ended(1, by);
        changes.Publish(of.AccountId);
    }
}

/// <summary>What a code is issued for.</summary>
internal sealed record CodeDetails(string AppId, string AccountId, ScopeSet Scopes, CodeBinding Binding);

/// <summary>What the token request must repeat or prove (RFC 6749 §4.1.3, RFC 7636 §4.6). Holds nothing secret.</summary>
internal sealed record CodeBinding(string RedirectUri, bool RedirectUriWasSent, string? CodeChallenge);

/// <summary>A code or a token as the database knows it, in the words of the rules.</summary>
internal sealed class TokenRow(TokenEntry entry)
{
    public TokenEntry Entry { get; } = entry;

    public string Kind => Entry.Kind;

    public string Status => Entry.Status;

    public string AccountId => Entry.AccountId;

    public string ClientId => Entry.ClientId;

    public string GrantId => Entry.GrantId;

    public DateTimeOffset IssuedAt => Entry.IssuedAt;

    public DateTimeOffset? ExpiresAt => Entry.ExpiresAt;

    public DateTimeOffset? RedeemedAt => Entry.RedeemedAt;

    public bool AccountSuspended => Entry.AccountSuspended;

    public ScopeSet Scopes { get; } = ScopeSet.FromStored(entry.Scopes);

    /// <summary>Null on an access token.</summary>
    public CodeBinding? Binding { get; } = entry.Properties is null ? null : JsonSerializer.Deserialize<CodeBinding>(entry.Properties);

    /// <summary>True for an access token that opens the API now.</summary>
    public bool IsLiveAccessToken
        => Kind == TokenKinds.AccessToken && Status == TokenStatuses.Valid && !Entry.AppSuspended && !Entry.AccountSuspended;
}
