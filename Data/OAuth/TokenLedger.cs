using Xeno.Portal.Data.Statements;

namespace Xeno.Portal.Data.OAuth;

/// <summary>
/// Codes and access tokens as rows, in statements of our own: every request of every app comes through here, so nothing between the caller
/// and the database is translated, tracked or looked up twice (decision 0011). The caller decides; this says what is there, and changes it
/// only while what it was told is still true.
/// </summary>
public sealed class TokenLedger(IStatements statements)
{
    private static readonly Statement s_find = new("""
        SELECT t."Id", t."Type", t."Status", t."Subject", t."ApplicationId", a."ClientId", t."AuthorizationId", t."Scopes",
               t."CreationDate", t."ExpirationDate", t."RedemptionDate", t."Properties", a."SuspendedAt" IS NOT NULL, o."SuspendedAt" IS NOT NULL
        FROM "Tokens" t JOIN "Apps" a ON a."Id" = t."ApplicationId" JOIN "Accounts" o ON o."Id" = t."Subject"
        WHERE t."ReferenceId" = $1
        """);

    private static readonly Statement s_findLive = new("""
        SELECT t."Id", t."Subject", a."ClientId", t."Scopes", o."Email", o."DisplayName"
        FROM "Tokens" t JOIN "Apps" a ON a."Id" = t."ApplicationId" JOIN "Accounts" o ON o."Id" = t."Subject"
        WHERE t."ReferenceId" = $1 AND t."Type" = 'access_token' AND t."Status" = 'valid' AND a."SuspendedAt" IS NULL AND o."SuspendedAt" IS NULL
        """);

    // An account that goes through authorize again and again has many tokens with few different scopes: from each to the next by the
    // index, instead of through all of them.
    private static readonly Statement s_standing = new("""
        SELECT o."Email", o."SuspendedAt" IS NOT NULL,
            (WITH RECURSIVE held(scopes) AS (
                SELECT min("Scopes") FROM "Tokens"
                WHERE "Subject" = $1 AND "Type" = 'access_token' AND "Status" = 'valid' AND "ApplicationId" = $2
                UNION ALL
                SELECT (SELECT min("Scopes") FROM "Tokens"
                        WHERE "Subject" = $1 AND "Type" = 'access_token' AND "Status" = 'valid' AND "ApplicationId" = $2 AND "Scopes" > held.scopes)
                FROM held WHERE held.scopes IS NOT NULL)
             SELECT string_agg(scopes, ' ') FROM held)
        FROM "Accounts" o WHERE o."Id" = $1
        """);

    private static readonly Statement s_insertGrant = new("""
        INSERT INTO "Grants" ("Id", "ApplicationId", "Subject", "Scopes", "CreationDate", "Status", "Type")
        VALUES ($1, $2, $3, $4, $5, 'valid', 'ad-hoc')
        """);

    private static readonly Statement s_insertCode = new("""
        INSERT INTO "Tokens" ("Id", "ApplicationId", "AuthorizationId", "Subject", "Scopes", "ReferenceId", "CreationDate", "ExpirationDate", "Properties",
            "Status", "Type")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'valid', 'authorization_code')
        """);

    private static readonly Statement s_insertToken = new("""
        INSERT INTO "Tokens" ("Id", "ApplicationId", "AuthorizationId", "Subject", "Scopes", "ReferenceId", "CreationDate", "Status", "Type")
        VALUES ($1, $2, $3, $4, $5, $6, $7, 'valid', 'access_token')
        """);

    // Locked, so that the grant's end either comes before this and is seen, or waits for this and then ends the token too.
    private static readonly Statement s_spendCode = new("""
        UPDATE "Tokens" SET "Status" = 'redeemed', "RedemptionDate" = $2
        WHERE "Id" = $1 AND "Status" = 'valid'
          AND EXISTS (SELECT 1 FROM "Grants" g WHERE g."Id" = "Tokens"."AuthorizationId" AND g."Status" = 'valid' /*lock: FOR SHARE */)
        """);

    private static readonly Statement s_revokeGrant = new("""
        UPDATE "Grants" SET "Status" = 'revoked' WHERE "Id" = $1
        """);

    private static readonly Statement s_revokeTokensOfGrant = new("""
        UPDATE "Tokens" SET "Status" = 'revoked' WHERE "AuthorizationId" = $1 AND "Status" = 'valid'
        """);

    private static readonly Statement s_noteUse = new("""
        UPDATE "Tokens" SET "LastUsedAt" = $2 WHERE "Id" = $1 AND ("LastUsedAt" IS NULL OR "LastUsedAt" < $2)
        """);

    /// <summary>The row behind a code or a token with that hash, whatever its status; null when there is none.</summary>
    public ValueTask<TokenEntry?> FindAsync(string hash) => statements.FindAsync(s_find, static row => new TokenEntry(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6), row.Text(7),
        row.EngineInstant(8)!.Value, row.EngineInstant(9), row.EngineInstant(10), row.Text(11), row.GetBoolean(12), row.GetBoolean(13)), hash);

    /// <summary>The access token with that hash, if it opens the API now: valid, and neither its app nor its account suspended.</summary>
    public ValueTask<LiveToken?> FindLiveAsync(string hash) => statements.FindAsync(s_findLive, static row => new LiveToken(
        row.GetString(0), row.GetString(1), row.GetString(2), row.Text(3), row.Text(4) ?? "", row.Text(5)), hash);

    /// <summary>How an account stands towards an app; null when the account is gone.</summary>
    public ValueTask<AccountStanding?> StandingAsync(string accountId, string appId) => statements.FindAsync(s_standing, static row => new AccountStanding(
        row.Text(0) ?? "", row.GetBoolean(1), row.Text(2)), accountId, appId);

    /// <summary>Adds a grant with its one code, both or neither.</summary>
    public Task AddGrantAsync(NewCode code, DateTimeOffset now) => statements.CommitAsync(async transaction =>
    {
        var grantId = NewId();
        await transaction.ExecuteAsync(s_insertGrant, grantId, code.AppId, code.AccountId, code.ScopesAsJson, now.UtcDateTime);
        await transaction.ExecuteAsync(s_insertCode, NewId(), code.AppId, grantId, code.AccountId, code.Scopes, code.Hash,
            now.UtcDateTime, (now + code.Lifetime).UtcDateTime, code.Properties);
        return grantId;
    });

    /// <summary>
    /// Spends a code and adds its one access token, both or neither. False when the code is no longer valid: of any number of parallel calls
    /// exactly one is told true.
    /// </summary>
    public Task<bool> ExchangeAsync(TokenEntry code, string tokenHash, DateTimeOffset now) => statements.CommitAsync(async transaction =>
    {
        if (await transaction.ExecuteAsync(s_spendCode, code.Id, now.UtcDateTime) == 0)
            return false;
        await transaction.ExecuteAsync(
            s_insertToken, NewId(), code.AppId, code.GrantId, code.AccountId, code.Scopes, tokenHash, now.UtcDateTime);
        return true;
    });

    /// <summary>Revokes a grant and what it gave: its code, if it still waits, and its one token. Nothing of any other grant. False when nothing
    /// of it was valid any more.</summary>
    public Task<bool> RevokeGrantAsync(string grantId) => statements.CommitAsync(async transaction =>
    {
        await transaction.ExecuteAsync(s_revokeGrant, grantId);
        return await transaction.ExecuteAsync(s_revokeTokensOfGrant, grantId) > 0;
    });

    /// <summary>Notes when tokens were last used; a time never moves back.</summary>
    public Task NoteUseAsync(IReadOnlyCollection<(string TokenId, DateTimeOffset At)> uses) => statements.CommitAsync(async transaction =>
    {
        foreach (var (tokenId, at) in uses)
            await transaction.ExecuteAsync(s_noteUse, tokenId, at);
        return uses.Count;
    });

    // Ids that grow with time lie side by side in the index; random ones would each touch a page of their own.
    private static string NewId() => Guid.CreateVersion7().ToString("N");
}

/// <summary>A code or a token as the database knows it.</summary>
/// <param name="Kind">One of <see cref="TokenKinds"/>.</param>
/// <param name="Status">One of <see cref="TokenStatuses"/>.</param>
/// <param name="Scopes">Canonical names, space-separated.</param>
/// <param name="Properties">What a code must be presented with, as it was handed to <see cref="TokenLedger.AddGrantAsync"/>.</param>
public sealed record TokenEntry(
    string Id, string Kind, string Status, string AccountId, string AppId, string ClientId, string GrantId, string? Scopes,
    DateTimeOffset IssuedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RedeemedAt, string? Properties, bool AppSuspended, bool AccountSuspended);

/// <summary>An access token that opens the API now, and whom it speaks for.</summary>
public sealed record LiveToken(string Id, string AccountId, string ClientId, string? Scopes, string Email, string? DisplayName);

/// <summary>How an account stands towards an app.</summary>
/// <param name="HeldScopes">The scopes of its live tokens for that app, space-separated, some perhaps twice; null: it has none.</param>
public sealed record AccountStanding(string Email, bool IsSuspended, string? HeldScopes);

/// <summary>A code that is about to be issued, with its grant.</summary>
public sealed record NewCode(
    string AppId, string AccountId, string Scopes, string ScopesAsJson, string Hash, TimeSpan Lifetime, string Properties);
