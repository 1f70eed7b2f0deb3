using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Xeno.Portal.Data.Apps;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Grants;
using Xeno.Portal.Scopes;

namespace Xeno.Portal.OAuth;

/// <summary>
/// Codes and access tokens as rows: the only place of the authorization server that issues and finds them. The engine's token
/// manager is not used, because spending a code and issuing its token must be one transaction, and a code is spent only while it is valid
/// (decision 0006).
/// </summary>
internal sealed class TokenRows(TokenLedger ledger, TimeProvider time, InstallChanges changes)
{
    /// <summary>A code that is presented again within this time after its first use is a retry, not a replay: nothing is revoked.</summary>
    public static readonly TimeSpan RetryGrace = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Adds a grant with its one code, in one transaction. The result is the code: 256 random bits, stored only as a hash. Null: consent
    /// was remembered, and the app was uninstalled since that was read.
    /// </summary>
    public async Task<string?> IssueCodeAsync(CodeDetails details, TimeSpan lifetime)
    {
        var code = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
        var isIssued = await ledger.AddGrantAsync(
            new NewCode(
                details.App.Id!, details.App.ClientId!, details.App.DisplayName ?? "", details.App.TokenGeneration, details.AccountId,
                details.Scopes.ToString(), JsonSerializer.Serialize(details.Scopes.Names),
                TokenHash.Of(code), lifetime, JsonSerializer.Serialize(details.Binding), details.IsRemembered),
            time.GetUtcNow());
        if (!isIssued)
            return null;

        OAuthMetrics.CodeIssued();
        return code;
    }

    /// <summary>
    /// Spends a code and issues its one access token, both or neither. Null when the code is no longer valid: of any number of parallel
    /// calls exactly one gets a token, on every database and every node.
    /// </summary>
    public async Task<IssuedAccessToken?> ExchangeAsync(TokenRow code)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        if (await ledger.ExchangeAsync(code.Entry, TokenHash.Of(token), time.GetUtcNow()) is not { } rowId)
            return null;

        OAuthMetrics.CodeExchanged();
        changes.Publish(code.AccountId);
        return new IssuedAccessToken(token, rowId);
    }

    /// <summary>The row behind a code or a token, in any status; null when there is none.</summary>
    public async ValueTask<TokenRow?> FindAsync(string value)
        => await ledger.FindAsync(TokenHash.Of(value)) is { } entry ? new TokenRow(entry) : null;
}

/// <summary>An access token that was just issued.</summary>
/// <param name="RowId">The id of its row, which is no part of the token.</param>
internal sealed record IssuedAccessToken(string Token, string RowId);

/// <summary>What a code is issued for.</summary>
/// <param name="IsRemembered">Whether the account was not asked, because it had allowed the same before.</param>
internal sealed record CodeDetails(RegisteredApp App, string AccountId, ScopeSet Scopes, CodeBinding Binding, bool IsRemembered);

/// <summary>What the token request must repeat or prove (RFC 6749 §4.1.3, RFC 7636 §4.6). Holds nothing secret.</summary>
internal sealed record CodeBinding(string RedirectUri, bool RedirectUriWasSent, string? CodeChallenge);

/// <summary>The row of a code or a token, as the rules read it.</summary>
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
    public CodeBinding? Binding { get; }
        = entry.Properties is null ? null : JsonSerializer.Deserialize<CodeBinding>(entry.Properties);

    /// <summary>True for an access token that the API accepts now.</summary>
    public bool IsUsable => Entry.IsUsable;
}
