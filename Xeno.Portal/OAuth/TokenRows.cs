using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Xeno.Portal.Data;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Hosting;
using Xeno.Portal.Scopes;

namespace Xeno.Portal.OAuth;

/// <summary>
/// Codes and access tokens as rows: the only place of the authorization server that reads or writes them. The engine's token manager is
/// not used for them, because two things here must be one statement or one transaction: a code is spent only if it is still valid, and the
/// token it gives appears together with that (decision 0006).
/// </summary>
internal sealed class TokenRows(PortalDbContext database, TimeProvider time, InstallChanges changes)
{
    /// <summary>A request that comes again this soon is a retry, not a replay: nothing is revoked.</summary>
    public static readonly TimeSpan RetryGrace = TimeSpan.FromSeconds(10);

    /// <summary>Makes a grant with its one code, in one transaction, and gives the code: 256 random bits, stored only as a hash.</summary>
    public async Task<string> IssueCodeAsync(CodeDetails details, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var code = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
        var grant = new AuthorizationGrant
        {
            ApplicationId = details.AppId,
            Subject = details.AccountId,
            CreationDate = now,
            Scopes = JsonSerializer.Serialize(details.Scopes.Names),
            Status = TokenStatuses.Valid,
            Type = "ad-hoc",
        };
        database.Add(grant);
        database.Add(new IssuedToken
        {
            ApplicationId = details.AppId,
            AuthorizationId = grant.Id!,
            Subject = details.AccountId,
            CreationDate = now,
            ExpirationDate = now + lifetime,
            ReferenceId = TokenHash.Of(code),
            Scopes = details.Scopes.ToString(),
            Properties = JsonSerializer.Serialize(details.Binding),
            Status = TokenStatuses.Valid,
            Type = TokenKinds.AuthorizationCode,
        });
        await database.SaveChangesAsync(cancellationToken);
        return code;
    }

    /// <summary>
    /// Spends a code and issues its one access token, both or neither. Null when the code is no longer valid: of any number of parallel
    /// calls exactly one gets a token, on every database and every node.
    /// </summary>
    public async Task<string?> ExchangeAsync(TokenRow code, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        var spent = await database.Tokens
            .Where(row => row.Id == code.Id && row.Status == TokenStatuses.Valid && row.Authorization!.Status == TokenStatuses.Valid)
            .ExecuteUpdateAsync(row => row
                .SetProperty(c => c.Status, TokenStatuses.Redeemed)
                .SetProperty(c => c.RedemptionDate, now), cancellationToken);
        if (spent == 0)
            return null;

        database.Add(new IssuedToken
        {
            ApplicationId = code.AppId,
            AuthorizationId = code.GrantId,
            Subject = code.AccountId,
            CreationDate = now,
            ReferenceId = TokenHash.Of(token),
            Scopes = code.Scopes.ToString(),
            Status = TokenStatuses.Valid,
            Type = TokenKinds.AccessToken,
        });
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        changes.Publish(code.AccountId);
        return token;
    }

    /// <summary>The row behind a code or a token, whatever its status; null when there is none.</summary>
    public async Task<TokenRow?> FindAsync(string value, CancellationToken cancellationToken)
    {
        var hash = TokenHash.Of(value);
        var row = await database.Tokens.AsNoTracking().Where(token => token.ReferenceId == hash)
            .Select(token => new
            {
                token.Id, token.Type, token.Status, token.Subject, token.ApplicationId, token.Application!.ClientId, token.AuthorizationId,
                token.Scopes, token.CreationDate, token.ExpirationDate, token.RedemptionDate, token.Properties,
                AppSuspended = token.Application.SuspendedAt != null,
                AccountSuspended = token.Account!.SuspendedAt != null,
            })
            .SingleOrDefaultAsync(cancellationToken);

        return row is null ? null : new TokenRow(
            row.Id!, row.Type!, row.Status!, row.Subject!, row.ApplicationId, row.ClientId!, row.AuthorizationId,
            ScopeSet.FromStored(row.Scopes), Utc(row.CreationDate)!.Value, Utc(row.ExpirationDate), Utc(row.RedemptionDate),
            row.Properties is null ? null : JsonSerializer.Deserialize<CodeBinding>(row.Properties),
            row.AppSuspended, row.AccountSuspended);
    }

    /// <summary>Revokes a grant and what it gave: its code, if it still waits, and its one token. Nothing of any other grant.</summary>
    public async Task RevokeGrantAsync(TokenRow of, CancellationToken cancellationToken)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        await database.Grants.Where(grant => grant.Id == of.GrantId)
            .ExecuteUpdateAsync(grant => grant.SetProperty(g => g.Status, TokenStatuses.Revoked), cancellationToken);
        await database.Tokens.Where(token => token.AuthorizationId == of.GrantId && token.Status == TokenStatuses.Valid)
            .ExecuteUpdateAsync(token => token.SetProperty(t => t.Status, TokenStatuses.Revoked), cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        changes.Publish(of.AccountId);
    }

    /// <summary>The union of the scopes of the account's live tokens for that app: what it has, and what needs no new consent.</summary>
    public async Task<ScopeSet> HeldScopesAsync(string accountId, string appId, CancellationToken cancellationToken)
    {
        var held = await database.Tokens.AsNoTracking()
            .Where(token => token.Subject == accountId && token.Type == TokenKinds.AccessToken && token.Status == TokenStatuses.Valid
                && token.ApplicationId == appId)
            .Select(token => token.Scopes).Distinct().ToListAsync(cancellationToken);
        return ScopeSet.FromStored(string.Join(' ', held));
    }

    // The engine's columns are DateTime in UTC; SQLite gives them back without a kind.
    private static DateTimeOffset? Utc(DateTime? instant)
        => instant is null ? null : new DateTimeOffset(DateTime.SpecifyKind(instant.Value, DateTimeKind.Utc));
}

/// <summary>What a code is issued for.</summary>
internal sealed record CodeDetails(string AppId, string AccountId, ScopeSet Scopes, CodeBinding Binding);

/// <summary>What the token request must repeat or prove (RFC 6749 §4.1.3, RFC 7636 §4.6). Holds nothing secret.</summary>
internal sealed record CodeBinding(string RedirectUri, bool RedirectUriWasSent, string? CodeChallenge);

/// <summary>A code or a token as the database knows it.</summary>
internal sealed record TokenRow(
    string Id, string Kind, string Status, string AccountId, string AppId, string ClientId, string GrantId, ScopeSet Scopes,
    DateTimeOffset IssuedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RedeemedAt, CodeBinding? Binding,
    bool AppSuspended, bool AccountSuspended)
{
    /// <summary>True for an access token that opens the API now.</summary>
    public bool IsLiveAccessToken
        => Kind == TokenKinds.AccessToken && Status == TokenStatuses.Valid && !AppSuspended && !AccountSuspended;
}
