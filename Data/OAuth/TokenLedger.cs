using Xeno.Portal.Data.History;
using Xeno.Portal.Data.Statements;

namespace Xeno.Portal.Data.OAuth;

/// <summary>
/// The rows of codes and access tokens, by SQL statements of our own. Every request of an app comes through here, so there is no query
/// translation, no change tracking and no second lookup (decision 0011). The caller decides what to do; a row is changed only if it is
/// still as the caller read it. <see cref="GrantLedger"/> ends what is issued here.
/// </summary>
public sealed class TokenLedger(IStatements statements)
{
    private static readonly Statement s_find = new($"""
        SELECT t."Id", t."Type", {TokenDefinition.Status}, t."Subject", t."ApplicationId", a."ClientId", a."DisplayName",
               t."AuthorizationId", t."Generation", t."Scopes", t."CreationDate", t."ExpirationDate", t."RedemptionDate", t."Properties",
               o."SuspendedAt" IS NOT NULL, {TokenDefinition.UsableSql}
        FROM {TokenDefinition.TokensWithOwners}
        WHERE t."ReferenceId" = $1
        """);

    private static readonly Statement s_findUsable = new($"""
        SELECT t."Id", t."Subject", a."ClientId", t."Scopes", o."Email", o."EmailConfirmed", o."DisplayName"
        FROM {TokenDefinition.TokensWithOwners}
        WHERE t."ReferenceId" = $1 AND {TokenDefinition.UsableSql}
        """);

    private static readonly Statement s_insertGrant = new("""
        INSERT INTO "Grants" ("Id", "ApplicationId", "Subject", "Scopes", "CreationDate", "Status", "Type")
        VALUES ($1, $2, $3, $4, $5, 'valid', 'ad-hoc')
        """);

    private static readonly Statement s_grantedScopes = new($"""
        SELECT {TokenDefinition.ScopesOf(TokenDefinition.GrantedToAppOnAccount)}
        """);

    private static readonly Statement s_countGranted = new($"""
        SELECT count(*) FROM (SELECT 1 FROM "Tokens" WHERE {TokenDefinition.GrantedToAppOnAccount} LIMIT $4) AS counted
        """);

    private static readonly Statement s_insertCode = new("""
        INSERT INTO "Tokens" ("Id", "ApplicationId", "AuthorizationId", "Subject", "Scopes", "ReferenceId", "CreationDate",
            "ExpirationDate", "Properties", "Generation", "Status", "Type")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'valid', 'authorization_code')
        """);

    private static readonly Statement s_insertToken = new("""
        INSERT INTO "Tokens" ("Id", "ApplicationId", "AuthorizationId", "Subject", "Scopes", "ReferenceId", "CreationDate", "Generation",
            "Status", "Type")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'valid', 'access_token')
        """);

    private static readonly Statement s_spendCode = new("""
        UPDATE "Tokens" SET "Status" = 'redeemed', "RedemptionDate" = $2
        WHERE "Id" = $1 AND "Status" = 'valid'
          AND "Generation" = (SELECT a."TokenGeneration" FROM "Apps" a WHERE a."Id" = "Tokens"."ApplicationId")
          AND EXISTS (SELECT 1 FROM "Grants" g WHERE g."Id" = "Tokens"."AuthorizationId" AND g."Status" = 'valid')
        """);

    private static readonly Statement s_noteUse = new("""
        UPDATE "Tokens" SET "LastUsedAt" = $2 WHERE "Id" = $1 AND ("LastUsedAt" IS NULL OR "LastUsedAt" < $2)
        """);

    /// <summary>The row of the code or token with that hash, in any status; null when there is none.</summary>
    public ValueTask<TokenEntry?> FindAsync(string hash) => statements.FindAsync(s_find, static row => new TokenEntry(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.Text(6) ?? "",
        row.GetString(7), row.GetInt32(8), row.Text(9), row.EngineInstant(10)!.Value, row.EngineInstant(11), row.EngineInstant(12),
        row.Text(13), row.GetBoolean(14), row.GetBoolean(15)), hash);

    /// <summary>The access token with that hash, if it is usable now (<see cref="TokenDefinition"/>); null otherwise.</summary>
    public ValueTask<UsableToken?> FindUsableAsync(string hash) => statements.FindAsync(s_findUsable, static row => new UsableToken(
        row.GetString(0), row.GetString(1), row.GetString(2), row.Text(3), row.Text(4) ?? "", row.GetBoolean(5), row.Text(6)), hash);

    /// <summary>How many granted tokens of an app an account has, counted up to <paramref name="most"/>.</summary>
    public async ValueTask<int> CountGrantedAsync(string accountId, string appId, int generation, int most)
        => (await statements.FindAsync(s_countGranted, static row => new Counted(row.GetInt32(0)), accountId, appId, generation, most))!
            .Tokens;

    /// <summary>
    /// Adds a grant with its one code and the entry of the history, all or nothing. False, and nothing is added: consent was remembered,
    /// but the app was uninstalled, or a token with one of the scopes was revoked, since that was read.
    /// </summary>
    public Task<bool> AddGrantAsync(NewCode code, DateTimeOffset now) => statements.CommitAsync(async transaction =>
    {
        if (code.IsRemembered)
        {
            // The lock orders this with an uninstall or a revocation: if that was first, what it took is not granted here; if later, it
            // also ends this code.
            await transaction.LockAsync(GrantLedger.LockAccount, code.AccountId);
            var granted = await transaction.FindAsync(
                s_grantedScopes, static row => row.Text(0) ?? "", code.AccountId, code.AppId, code.Generation);
            if (code.Scopes.Split(' ').Except(granted!.Split(' '), StringComparer.Ordinal).Any())
                return false;
        }

        var grantId = NewId();
        await transaction.ExecuteAsync(s_insertGrant, grantId, code.AppId, code.AccountId, code.ScopesAsJson, now.UtcDateTime);
        await transaction.ExecuteAsync(s_insertCode, NewId(), code.AppId, grantId, code.AccountId, code.Scopes, code.Hash,
            now.UtcDateTime, (now + code.Lifetime).UtcDateTime, code.Properties, code.Generation);
        await HistoryLedger.AddAsync(transaction, new HistoryEntry
        {
            At = now, Kind = HistoryKinds.AppAllowed.Name, AccountId = code.AccountId, ClientId = code.ClientId, AppName = code.AppName,
            Actor = HistoryActor.Account, Scopes = code.Scopes, Reason = code.IsRemembered ? "consent was remembered" : null,
        });
        return true;
    });

    /// <summary>
    /// Marks a code as used, and adds its one access token and the history entries, all or nothing. Gives the row id of the token; null
    /// when the code is no longer valid: of any number of parallel calls exactly one gets an id.
    /// </summary>
    public Task<string?> ExchangeAsync(TokenEntry code, string tokenHash, DateTimeOffset now) => statements.CommitAsync(async transaction =>
    {
        // The lock orders this with the end of a grant: if that was first, nothing valid is found here; if later, it also ends the new
        // token.
        await transaction.LockAsync(GrantLedger.LockAccount, code.AccountId);
        if (await transaction.ExecuteAsync(s_spendCode, code.Id, now.UtcDateTime) == 0)
            return null;

        var tokenId = NewId();
        await GrantLedger.EndOlderAsync(transaction, code.AccountId, code.AppId, code.Generation);
        await GrantLedger.AddUnlessInstalledAsync(transaction, Entry(HistoryKinds.AppInstalled), code.AppId, code.Generation);
        await transaction.ExecuteAsync(s_insertToken, tokenId, code.AppId, code.GrantId, code.AccountId, code.Scopes, tokenHash,
            now.UtcDateTime, code.Generation);
        await HistoryLedger.AddAsync(transaction, Entry(HistoryKinds.TokenIssued));
        return tokenId;

        HistoryEntry Entry(HistoryKind kind) => new()
        {
            At = now, Kind = kind.Name, AccountId = code.AccountId, ClientId = code.ClientId, AppName = code.AppName,
            Actor = HistoryActor.App, TokenId = tokenId, Scopes = code.Scopes,
        };
    });

    /// <summary>Notes when tokens were last used; a time never moves back.</summary>
    public Task NoteUseAsync(IReadOnlyCollection<(string TokenId, DateTimeOffset At)> uses) => statements.NoteTimesAsync(s_noteUse, uses);

    private sealed record Counted(int Tokens);

    // Ids that grow with time are side by side in the index; each random id would change another page of it.
    private static string NewId() => Guid.CreateVersion7().ToString("N");
}

/// <summary>A code or a token as the database has it.</summary>
/// <param name="Kind">One of <see cref="TokenKinds"/>.</param>
/// <param name="Status">
/// One of <see cref="TokenStatuses"/>. Revoked too when all tokens of its app were ended at once and its row is not updated yet.
/// </param>
/// <param name="Generation">The generation of its app when the code was issued.</param>
/// <param name="Scopes">Canonical names, space-separated.</param>
/// <param name="Properties">What the exchange of a code must match, as <see cref="TokenLedger.AddGrantAsync"/> got it.</param>
/// <param name="IsUsable">Whether it is an access token that opens the API now (<see cref="TokenDefinition"/>).</param>
public sealed record TokenEntry(
    string Id, string Kind, string Status, string AccountId, string AppId, string ClientId, string AppName, string GrantId, int Generation,
    string? Scopes, DateTimeOffset IssuedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RedeemedAt, string? Properties,
    bool AccountSuspended, bool IsUsable);

/// <summary>An access token that opens the API now, and the account that it belongs to.</summary>
/// <param name="EmailConfirmed">Whether the account's owner has shown that the address is theirs.</param>
public sealed record UsableToken(
    string Id, string AccountId, string ClientId, string? Scopes, string Email, bool EmailConfirmed, string? DisplayName);

/// <summary>A code that is about to be issued, with its grant.</summary>
/// <param name="Generation">The generation of the app (<c>RegisteredApp.TokenGeneration</c>), as it was read for this request.</param>
/// <param name="IsRemembered">Whether the account was not asked, because it had allowed the same before.</param>
public sealed record NewCode(
    string AppId, string ClientId, string AppName, int Generation, string AccountId, string Scopes, string ScopesAsJson, string Hash,
    TimeSpan Lifetime, string Properties, bool IsRemembered);
