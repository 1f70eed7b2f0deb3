using System.Data.Common;
using Xeno.Portal.Data.History;
using Xeno.Portal.Data.Statements;

namespace Xeno.Portal.Data.OAuth;

/// <summary>
/// The only code that ends grants, with their codes and tokens. Each method is one transaction, which writes the history too. An app may
/// have too many rows for one transaction: a mark on the app ends them all at once, and <see cref="SweepAsync"/> updates the rows later.
/// </summary>
public sealed class GrantLedger(IStatements statements)
{
    /// <summary>
    /// Taken by every transaction that begins or ends a grant of the account, so that it is certain which token is the first or the last
    /// one, also when two nodes work at the same time.
    /// </summary>
    internal static readonly Statement LockAccount = new("""
        /*lock: SELECT 1 FROM "Accounts" WHERE "Id" = $1 FOR NO KEY UPDATE */
        """);

    private static readonly Statement s_findGranted = new($"""
        SELECT t."AuthorizationId", t."Subject", a."Id", a."ClientId", a."DisplayName", a."TokenGeneration"
        FROM "Tokens" t JOIN "Apps" a ON a."Id" = t."ApplicationId"
        WHERE t."Id" = $1 AND t."Subject" = $2 AND {TokenDefinition.GrantedSql}
        """);

    private static readonly Statement s_findApp = new("""
        SELECT "Id", "ClientId", "DisplayName", "TokenGeneration" FROM "Apps" WHERE "ClientId" = $1 AND "DeletedAt" IS NULL
        """);

    private static readonly Statement s_anyGranted = new($"""
        SELECT "Subject" FROM "Tokens" WHERE {TokenDefinition.GrantedToAppOnAccount} LIMIT 1
        """);

    private static readonly Statement s_endGrant = new("""
        UPDATE "Grants" SET "Status" = 'revoked' WHERE "Id" = $1
        """);

    // A grant has one row that is valid at the most: its code until the exchange, its token afterwards.
    private static readonly Statement s_endTokenOfGrant = new("""
        UPDATE "Tokens" SET "Status" = 'revoked' WHERE "AuthorizationId" = $1 AND "Status" = 'valid' RETURNING "Id", "Type", "Scopes"
        """);

    private static readonly Statement s_endGrantsOnAccount = new("""
        UPDATE "Grants" SET "Status" = 'revoked' WHERE "Subject" = $1 AND "ApplicationId" = $2 AND "Status" = 'valid'
        """);

    private static readonly Statement s_endTokensOnAccount = new("""
        UPDATE "Tokens" SET "Status" = 'revoked'
        WHERE "Subject" = $1 AND "Type" IN ('access_token', 'authorization_code') AND "Status" = 'valid' AND "ApplicationId" = $2
        """);

    // The concurrency token too: an edit that read the app before this must not write the old generation back.
    private static readonly Statement s_markApp = new("""
        UPDATE "Apps" SET "TokenGeneration" = "TokenGeneration" + 1, "EndingSince" = $2, "ConcurrencyToken" = $3
        WHERE "ClientId" = $1 AND "DeletedAt" IS NULL
        RETURNING "Id", "ClientId", "DisplayName", "TokenGeneration"
        """);

    private static readonly Statement s_markDeleted = new("""
        UPDATE "Apps" SET "TokenGeneration" = "TokenGeneration" + 1, "EndingSince" = $2, "DeletedAt" = $2, "ConcurrencyToken" = $3
        WHERE "ClientId" = $1 AND "DeletedAt" IS NULL AND "ConcurrencyToken" = $4
        RETURNING "Id", "ClientId", "DisplayName", "TokenGeneration"
        """);

    private static readonly Statement s_findEnding = new("""
        SELECT "Id", "ClientId", "DisplayName", "TokenGeneration", "EndingSince", "DeletedAt" IS NOT NULL
        FROM "Apps" WHERE "Id" = $1 AND "EndingSince" IS NOT NULL
        """);

    private static readonly Statement s_listEnding = new("""
        SELECT "Id" FROM "Apps" WHERE "EndingSince" IS NOT NULL ORDER BY "EndingSince" LIMIT $1
        """);

    private static readonly Statement s_nextAccount = new("""
        SELECT "Subject" FROM "Tokens"
        WHERE "ApplicationId" = $1 AND "Type" IN ('access_token', 'authorization_code') AND "Status" = 'valid' AND "Generation" < $2 LIMIT 1
        """);

    private static readonly Statement s_anyOlderToken = new("""
        SELECT "Id" FROM "Tokens"
        WHERE "Subject" = $1 AND "Type" = 'access_token' AND "Status" = 'valid' AND "ApplicationId" = $2 AND "Generation" < $3 LIMIT 1
        """);

    private const string OlderTokensOnAccount = """
        FROM "Tokens"
        WHERE "Subject" = $1 AND "Type" IN ('access_token', 'authorization_code') AND "Status" = 'valid' AND "ApplicationId" = $2
            AND "Generation" < $3 ORDER BY "Id" LIMIT $4
        """;

    private static readonly Statement s_endOlderGrants = new($"""
        UPDATE "Grants" SET "Status" = 'revoked' WHERE "Id" IN (SELECT "AuthorizationId" {OlderTokensOnAccount})
        """);

    private static readonly Statement s_endOlderTokens = new($"""
        UPDATE "Tokens" SET "Status" = 'revoked' WHERE "Id" IN (SELECT "Id" {OlderTokensOnAccount})
        """);

    private static readonly Statement s_removeGrantsOfApp = new("""
        DELETE FROM "Grants" WHERE "Id" IN (SELECT "Id" FROM "Grants" WHERE "ApplicationId" = $1 LIMIT $2)
        """);

    private static readonly Statement s_removeApp = new("""
        DELETE FROM "Apps" WHERE "Id" = $1 AND "DeletedAt" IS NOT NULL
        """);

    // The mark stays when the tokens were ended again in the meantime: then rows of a later generation must be updated too.
    private static readonly Statement s_clearMark = new("""
        UPDATE "Apps" SET "EndingSince" = NULL WHERE "Id" = $1 AND "TokenGeneration" = $2
        """);

    private static readonly Statement s_installedApps = new($"""
        SELECT DISTINCT a."Id", a."ClientId", a."DisplayName", a."TokenGeneration"
        FROM "Tokens" t JOIN "Apps" a ON a."Id" = t."ApplicationId" WHERE t."Subject" = $1 AND {TokenDefinition.GrantedSql}
        """);

    private static readonly Statement s_removeAccount = new("""
        DELETE FROM "Accounts" WHERE "Id" = $1
        """);

    /// <summary>
    /// Ends one granted token of an account, and its grant. Returns the app, and whether this uninstalled it; null when the account has no
    /// such token.
    /// </summary>
    public Task<EndedGrant?> EndTokenAsync(string accountId, string tokenId, Ending ending) => statements.CommitAsync(async transaction =>
    {
        await transaction.LockAsync(LockAccount, accountId);
        var grant = await transaction.FindAsync(
            s_findGranted,
            static row => new GrantToEnd(
                row.GetString(0), row.GetString(1), new AppKey(row.GetString(2), row.GetString(3), row.Text(4), row.GetInt32(5))),
            tokenId, accountId);
        return grant is null ? null : await EndAsync(transaction, grant, ending);
    });

    /// <summary>Ends a grant with its code (before the exchange) or its token (after it). Null when that was not valid any more.</summary>
    public Task<EndedGrant?> EndGrantAsync(TokenEntry of, Ending ending) => statements.CommitAsync(async transaction =>
    {
        await transaction.LockAsync(LockAccount, of.AccountId);
        return await EndAsync(
            transaction, new GrantToEnd(of.GrantId, of.AccountId, new AppKey(of.AppId, of.ClientId, of.AppName, of.Generation)), ending);
    });

    /// <summary>Ends all grants of an app on an account, also those whose code was not exchanged yet. Returns how many it ended.</summary>
    public Task<int> EndAppOnAccountAsync(string accountId, string clientId, Ending ending) => statements.CommitAsync(async transaction =>
    {
        await transaction.LockAsync(LockAccount, accountId);
        if (await transaction.FindAsync(s_findApp, ReadApp, clientId) is not { } app)
            return 0;

        var wasInstalled = await IsInstalledAsync(transaction, accountId, app.Id, app.Generation);
        var ended = await transaction.ExecuteAsync(s_endGrantsOnAccount, accountId, app.Id);
        await transaction.ExecuteAsync(s_endTokensOnAccount, accountId, app.Id);
        if (wasInstalled)
            await AddUninstalledAsync(transaction, accountId, app, ending);
        return ended;
    });

    /// <summary>
    /// Ends all tokens and codes of an app on every account at once, by one mark; <see cref="SweepAsync"/> updates the rows later. Returns
    /// the row id of the app; null when there is no such app.
    /// </summary>
    public Task<string?> EndAppAsync(string clientId, string accountId, Ending ending) => MarkAsync(
        HistoryKinds.AllTokensRevoked, accountId, ending, s_markApp, clientId, ending.At, NewConcurrencyToken());

    /// <summary>
    /// Deletes an app: no query finds it from now on, and all its tokens are ended; <see cref="SweepAsync"/> removes the rows later.
    /// Returns its row id; null when it was changed since <paramref name="version"/> was read, or was deleted before.
    /// </summary>
    public Task<string?> DeleteAppAsync(string clientId, string accountId, string? version, Ending ending) => MarkAsync(
        HistoryKinds.AppDeleted, accountId, ending, s_markDeleted, clientId, ending.At, NewConcurrencyToken(), version);

    /// <summary>The row ids of apps whose tokens were ended by a mark, and whose token rows are not all updated yet.</summary>
    public async ValueTask<IReadOnlyList<string>> ListEndingAsync(int most)
        => await statements.ListAsync(s_listEnding, static row => row.GetString(0), most);

    /// <summary>
    /// Updates about <paramref name="most"/> rows of a marked app on one account, and writes the history of that account. After the last
    /// account it removes a deleted app. Safe to run concurrently. Null: nothing is left to do.
    /// </summary>
    public Task<SweptRows?> SweepAsync(string appId, int most) => statements.CommitAsync(async transaction =>
    {
        if (await transaction.FindAsync(s_findEnding, ReadEnding, appId) is not { } ending)
            return null;
        if (await transaction.FindAsync(s_nextAccount, static row => row.GetString(0), appId, ending.App.Generation) is { } accountId)
            return await SweepAccountAsync(transaction, ending, accountId, most);

        if (ending.IsDeleted && await transaction.ExecuteAsync(s_removeGrantsOfApp, appId, most) is > 0 and var removed)
            return new SweptRows(null, removed, 0);

        if (ending.IsDeleted)
            await transaction.ExecuteAsync(s_removeApp, appId);
        else
            await transaction.ExecuteAsync(s_clearMark, appId, ending.App.Generation);
        return null;
    });

    /// <summary>
    /// Deletes an account that has no apps of its own any more, with its grants, tokens and resources. The apps that were installed on it
    /// get their history entry, and all other entries lose the account's id. False: there is no such account.
    /// </summary>
    public Task<bool> DeleteAccountAsync(string accountId, Ending ending) => statements.CommitAsync(async transaction =>
    {
        await transaction.LockAsync(LockAccount, accountId);
        var installed = await transaction.ListAsync(s_installedApps, ReadApp, accountId);
        await HistoryLedger.ForgetAccountAsync(transaction, accountId);
        if (await transaction.ExecuteAsync(s_removeAccount, accountId) == 0)
            return false;
        foreach (var app in installed)
            await AddUninstalledAsync(transaction, accountId: null, app, ending);
        return true;
    });

    /// <summary>Whether the app has a granted token on the account: it is installed.</summary>
    internal static async ValueTask<bool> IsInstalledAsync(
        IStatementTransaction transaction, string accountId, string appId, int generation)
        => await transaction.FindAsync(s_anyGranted, static row => row.GetString(0), accountId, appId, generation) is not null;

    private static async ValueTask<EndedGrant?> EndAsync(IStatementTransaction transaction, GrantToEnd grant, Ending ending)
    {
        await transaction.ExecuteAsync(s_endGrant, grant.GrantId);
        var token = await transaction.FindAsync(
            s_endTokenOfGrant, static row => new EndedToken(row.GetString(0), row.GetString(1), row.Text(2)), grant.GrantId);
        if (token is null)
            return null;
        if (token.Kind != TokenKinds.AccessToken)
            return new EndedGrant(grant.App.ClientId, IsUninstalled: false);

        await HistoryLedger.AddAsync(transaction, Entry(ending.TokenKind, grant.AccountId, grant.App, ending, token));
        var isUninstalled = !await IsInstalledAsync(transaction, grant.AccountId, grant.App.Id, grant.App.Generation);
        if (isUninstalled)
            await AddUninstalledAsync(transaction, grant.AccountId, grant.App, ending);
        return new EndedGrant(grant.App.ClientId, isUninstalled);
    }

    private static async ValueTask<SweptRows> SweepAccountAsync(
        IStatementTransaction transaction, EndingApp ending, string accountId, int most)
    {
        var app = ending.App;
        await transaction.LockAsync(LockAccount, accountId);
        var hadTokens = await HasOlderTokenAsync(transaction, accountId, app);
        await transaction.ExecuteAsync(s_endOlderGrants, accountId, app.Id, app.Generation, most);
        var ended = await transaction.ExecuteAsync(s_endOlderTokens, accountId, app.Id, app.Generation, most);

        // The entry is written together with the last token of the account.
        if (hadTokens && !await HasOlderTokenAsync(transaction, accountId, app))
            await AddUninstalledAsync(transaction, accountId, app, new Ending(HistoryActor.Portal, ending.Since,
                ending.IsDeleted ? "the app was deleted" : "all tokens of the app were revoked"));
        return new SweptRows(accountId, 0, ended);
    }

    private static async ValueTask<bool> HasOlderTokenAsync(IStatementTransaction transaction, string accountId, AppKey app)
        => await transaction.FindAsync(s_anyOlderToken, static row => row.GetString(0), accountId, app.Id, app.Generation) is not null;

    private Task<string?> MarkAsync(HistoryKind kind, string accountId, Ending ending, Statement mark, params object?[] values)
        => statements.CommitAsync(async transaction =>
        {
            if (await transaction.FindAsync(mark, ReadApp, values) is not { } app)
                return null;
            await HistoryLedger.AddAsync(transaction, Entry(kind, accountId, app, ending));
            return app.Id;
        });

    private static ValueTask<int> AddUninstalledAsync(IStatementTransaction transaction, string? accountId, AppKey app, Ending ending)
        => HistoryLedger.AddAsync(transaction, Entry(HistoryKinds.AppUninstalled, accountId, app, ending));

    private static HistoryEntry Entry(HistoryKind kind, string? accountId, AppKey app, Ending ending, EndedToken? token = null) => new()
    {
        At = ending.At, Kind = kind.Name, AccountId = accountId, ClientId = app.ClientId, AppName = app.Name,
        Actor = ending.Actor, ActorId = ending.ActorId, TokenId = token?.Id, Scopes = token?.Scopes, Reason = ending.Reason,
    };

    private static AppKey ReadApp(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.Text(2), row.GetInt32(3));

    private static EndingApp ReadEnding(DbDataReader row) => new(ReadApp(row), row.Instant(4)!.Value, row.GetBoolean(5));

    private static string NewConcurrencyToken() => Guid.NewGuid().ToString();

    private sealed record AppKey(string Id, string ClientId, string? Name, int Generation);

    private sealed record EndingApp(AppKey App, DateTimeOffset Since, bool IsDeleted);

    private sealed record GrantToEnd(string GrantId, string AccountId, AppKey App);

    private sealed record EndedToken(string Id, string Kind, string? Scopes);
}

/// <summary>Who ends grants, when and why; goes into the history.</summary>
/// <param name="Reason">In a few plain words; null where the kind of the entry says enough.</param>
/// <param name="ActorId">The account that does it, where that is not the account of the grant.</param>
/// <param name="IsReplay">Whether a code that was used a second time is the reason (RFC 6749 §4.1.2).</param>
public sealed record Ending(HistoryActor Actor, DateTimeOffset At, string? Reason = null, string? ActorId = null, bool IsReplay = false)
{
    internal HistoryKind TokenKind => IsReplay ? HistoryKinds.TokenReplayed : HistoryKinds.TokenRevoked;
}

/// <summary>A grant that was ended.</summary>
/// <param name="IsUninstalled">Whether its token was the last one of the app on the account.</param>
public sealed record EndedGrant(string ClientId, bool IsUninstalled);

/// <summary>What one step of <see cref="GrantLedger.SweepAsync"/> did.</summary>
/// <param name="AccountId">The account whose rows were ended; null when rows of a deleted app were removed.</param>
/// <param name="RemovedGrants">How many grants of a deleted app were removed.</param>
/// <param name="EndedTokens">How many codes and tokens were ended.</param>
public sealed record SweptRows(string? AccountId, int RemovedGrants, int EndedTokens);
