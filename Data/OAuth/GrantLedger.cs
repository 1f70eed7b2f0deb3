using System.Data.Common;
using Xeno.Portal.Data.History;
using Xeno.Portal.Data.Statements;

namespace Xeno.Portal.Data.OAuth;

/// <summary>
/// Ends grants, with the codes and tokens that they gave: the only place that does. Each method is one transaction, in which the history is
/// written too; where the rows of an app are too many for one, a mark ends them all and <see cref="SweepAsync"/> follows with the rows.
/// </summary>
public sealed class GrantLedger(IStatements statements)
{
    /// <summary>
    /// Held by everything that issues or ends a token of one account, so that "the first token" and "the last token" are certain, also when
    /// two nodes work at the same time.
    /// </summary>
    internal static readonly Statement LockAccount = new("""
        /*lock: SELECT 1 FROM "Accounts" WHERE "Id" = $1 FOR NO KEY UPDATE */
        """);

    // Also waits for transactions that are adding rows of the account, and lets no new one begin.
    private static readonly Statement s_lockAccountForDeletion = new("""
        /*lock: SELECT 1 FROM "Accounts" WHERE "Id" = $1 FOR UPDATE */
        """);

    private static readonly Statement s_findGranted = new($"""
        SELECT t."AuthorizationId", t."Scopes", a."Id", a."ClientId", a."DisplayName", a."TokenGeneration"
        FROM "Tokens" t JOIN "Apps" a ON a."Id" = t."ApplicationId"
        WHERE t."Id" = $1 AND t."Subject" = $2 AND {TokenDefinition.GrantedSql}
        """);

    private static readonly Statement s_findApp = new("""
        SELECT "Id", "ClientId", "DisplayName", "TokenGeneration" FROM "Apps" WHERE "ClientId" = $1 AND "DeletedAt" IS NULL
        """);

    private static readonly Statement s_anyGranted = new($"""
        SELECT "Subject" FROM "Tokens" WHERE {TokenDefinition.GrantedToAppOnAccount} LIMIT 1
        """);

    private const string IntoHistory = """
        INSERT INTO "History" ("AccountId", "At", "Kind", "ClientId", "AppName", "Actor", "ActorId", "TokenId", "Scopes", "Reason")
        """;

    private static readonly string UnlessInstalled =
        $"""WHERE NOT EXISTS (SELECT 1 FROM "Tokens" WHERE {TokenDefinition.GrantedToAppOnAccount})""";

    // The question and the entry are one statement, because each exchange runs it.
    private static readonly Statement s_addUnlessInstalled = new($"""
        {IntoHistory}
        SELECT CAST($1 AS text), $4, $5, $6, $7, $8, $9, $10, $11, $12
        {UnlessInstalled}
        """);

    // For the same reason: the end of a token, and that of the app's installation if it was the last one.
    private static readonly Statement s_addTokenEnded = new($"""
        {IntoHistory}
        SELECT $1, CAST($4 AS timestamptz), $5, $6, $7, $8, $9, $10, $11, $12
        UNION ALL
        SELECT $1, $4, '{HistoryKinds.AppUninstalled.Name}', $6, $7, $8, $9, NULL, NULL, $12
        {UnlessInstalled}
        """);

    private static readonly Statement s_endGrant = new("""
        UPDATE "Grants" SET "Status" = 'revoked' WHERE "Id" = $1
        """);

    // A grant has one row that is valid at the most: its code until the exchange, its token afterwards.
    private static readonly Statement s_findValidOfGrant = new("""
        SELECT "Id", "Type", "Scopes" FROM "Tokens" WHERE "AuthorizationId" = $1 AND "Status" = 'valid'
        """);

    private static readonly Statement s_endToken = new("""
        UPDATE "Tokens" SET "Status" = 'revoked' WHERE "Id" = $1 AND "Status" = 'valid'
        """);

    private static readonly Statement s_endGrantsOnAccount = new("""
        UPDATE "Grants" SET "Status" = 'revoked' WHERE "Subject" = $1 AND "ApplicationId" = $2 AND "Status" = 'valid'
        """);

    private static readonly Statement s_endTokensOnAccount = new($"""
        UPDATE "Tokens" SET "Status" = 'revoked' WHERE {TokenDefinition.NotEndedOfAppOnAccount}
        """);

    // The concurrency token too: an edit that read the app before this must not write the old generation back.
    private static readonly Statement s_markApp = new("""
        UPDATE "Apps" SET "TokenGeneration" = "TokenGeneration" + 1, "EndingSince" = $2, "ConcurrencyToken" = $3
        WHERE "ClientId" = $1 AND "DeletedAt" IS NULL
        RETURNING "Id", "ClientId", "DisplayName", "TokenGeneration"
        """);

    private static readonly Statement s_markDeleted = new("""
        UPDATE "Apps" SET "TokenGeneration" = "TokenGeneration" + 1, "EndingSince" = $2, "DeletedAt" = $2, "ConcurrencyToken" = $3
        WHERE "ClientId" = $1 AND "DeletedAt" IS NULL AND "ConcurrencyToken" IS NOT DISTINCT FROM $4
        RETURNING "Id", "ClientId", "DisplayName", "TokenGeneration"
        """);

    private static readonly Statement s_findEnding = new("""
        SELECT "Id", "ClientId", "DisplayName", "TokenGeneration", "EndingSince", "DeletedAt" IS NOT NULL
        FROM "Apps" WHERE "Id" = $1 AND "EndingSince" IS NOT NULL
        """);

    private static readonly Statement s_listEnding = new("""
        SELECT "Id" FROM "Apps" WHERE "EndingSince" IS NOT NULL ORDER BY "EndingSince" LIMIT $1
        """);

    private static readonly Statement s_listEndingOf = new("""
        SELECT "Id" FROM "Apps" WHERE "OwnerId" = $1 AND "EndingSince" IS NOT NULL
        """);

    // The accounts of as many rows as one step may change: fewer, where an account has several.
    private static readonly Statement s_nextAccounts = new($"""
        SELECT DISTINCT "Subject" FROM (SELECT "Subject" FROM "Tokens" WHERE {TokenDefinition.OlderOfApp} LIMIT $3) AS rows
        ORDER BY "Subject"
        """);

    private static readonly Statement s_anyOlderToken = new($"""
        SELECT "Subject" FROM "Tokens" WHERE {TokenDefinition.OlderOfAppOnAccount} AND "Type" = 'access_token' LIMIT 1
        """);

    private const string OlderRows = $"""FROM "Tokens" WHERE {TokenDefinition.OlderOfAppOnAccount} ORDER BY "Id" LIMIT $4""";

    private static readonly Statement s_endOlderGrants = new($"""
        UPDATE "Grants" SET "Status" = 'revoked' WHERE "Id" IN (SELECT "AuthorizationId" {OlderRows})
        """);

    private static readonly Statement s_endOlderTokens = new($"""
        UPDATE "Tokens" SET "Status" = 'revoked' WHERE "Id" IN (SELECT "Id" {OlderRows})
        """);

    private static readonly Statement s_removeGrantsOfApp = new("""
        DELETE FROM "Grants" WHERE "Id" IN (SELECT "Id" FROM "Grants" WHERE "ApplicationId" = $1 LIMIT $2)
        """);

    private static readonly Statement s_anyGrantOfApp = new("""
        SELECT "Id" FROM "Grants" WHERE "ApplicationId" = $1 LIMIT 1
        """);

    private static readonly Statement s_anyAppOf = new("""
        SELECT "Id" FROM "Apps" WHERE "OwnerId" = $1 LIMIT 1
        """);

    private static readonly Statement s_removeApp = new("""
        DELETE FROM "Apps" WHERE "Id" = $1 AND "DeletedAt" IS NOT NULL
        """);

    // Not when the tokens were ended once more meanwhile: then there are rows of a later generation to follow.
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
    /// Ends one granted token of an account, and its grant. False: the account has no such token.
    /// </summary>
    public Task<bool> EndTokenAsync(string accountId, string tokenId, Ending ending) => statements.CommitAsync(async transaction =>
    {
        await transaction.LockAsync(LockAccount, accountId);
        var granted = await transaction.FindAsync(s_findGranted, static row => new GrantedToken(
            row.GetString(0), row.Text(1), new AppKey(row.GetString(2), row.GetString(3), row.Text(4), row.GetInt32(5))),
            tokenId, accountId);
        return granted is not null && await EndAsync(transaction, accountId, granted.App, granted.GrantId,
            new TokenToEnd(tokenId, TokenKinds.AccessToken, granted.Scopes), ending);
    });

    /// <summary>Ends a grant: its code, if it still waits, or its one token. False: nothing of it was valid any more.</summary>
    public Task<bool> EndGrantAsync(TokenEntry of, Ending ending) => statements.CommitAsync(async transaction =>
    {
        await transaction.LockAsync(LockAccount, of.AccountId);

        // The app may have a later generation by now. As long as this token's row is valid, the account has no token of that one
        // (EndOlderAsync), so the generation that was read answers whether it was the last.
        var app = new AppKey(of.AppId, of.ClientId, of.AppName, of.Generation);
        var token = of.Kind == TokenKinds.AccessToken
            ? new TokenToEnd(of.Id, of.Kind, of.Scopes)
            : await transaction.FindAsync(
                s_findValidOfGrant, static row => new TokenToEnd(row.GetString(0), row.GetString(1), row.Text(2)), of.GrantId);
        return token is not null && await EndAsync(transaction, of.AccountId, app, of.GrantId, token, ending);
    });

    /// <summary>Ends all that an account ever allowed an app, codes that wait included. Gives how many grants that were.</summary>
    public Task<int> EndAppOnAccountAsync(string accountId, string clientId, Ending ending) => statements.CommitAsync(async transaction =>
    {
        await transaction.LockAsync(LockAccount, accountId);
        if (await transaction.FindAsync(s_findApp, ReadApp, clientId) is not { } app)
            return 0;

        var wasInstalled = await HasTokenAsync(transaction, s_anyGranted, accountId, app.Id, app.Generation)
            || await HasTokenAsync(transaction, s_anyOlderToken, accountId, app.Id, app.Generation);
        var ended = await transaction.ExecuteAsync(s_endGrantsOnAccount, accountId, app.Id);
        await transaction.ExecuteAsync(s_endTokensOnAccount, accountId, app.Id);
        if (wasInstalled)
            await AddUninstalledAsync(transaction, accountId, app, ending);
        return ended;
    });

    /// <summary>
    /// Ends all tokens and codes of an app on every account by one mark, at once; <see cref="SweepAsync"/> follows with the rows. Gives the
    /// row id of the app; null when there is none.
    /// </summary>
    public Task<string?> EndAppAsync(string clientId, string accountId, Ending ending) => MarkAsync(
        HistoryKinds.AllTokensRevoked, accountId, ending, s_markApp, clientId, ending.At, NewConcurrencyToken());

    /// <summary>
    /// Deletes an app: nothing finds it from now on, and all its tokens are ended; <see cref="SweepAsync"/> follows with the rows. Gives
    /// its row id; null when it was changed since <paramref name="version"/> was read, or is gone.
    /// </summary>
    public Task<string?> DeleteAppAsync(string clientId, string accountId, string? version, Ending ending) => MarkAsync(
        HistoryKinds.AppDeleted, accountId, ending, s_markDeleted, clientId, ending.At, NewConcurrencyToken(), version);

    /// <summary>The row ids of apps whose tokens are ended by a mark, and whose rows still have to follow.</summary>
    public ValueTask<IReadOnlyList<string>> ListEndingAsync(int most)
        => statements.ListAsync(s_listEnding, static row => row.GetString(0), most);

    /// <summary>The same of one account's own apps.</summary>
    public ValueTask<IReadOnlyList<string>> ListEndingOfAsync(string ownerId)
        => statements.ListAsync(s_listEndingOf, static row => row.GetString(0), ownerId);

    /// <summary>
    /// Follows a mark with at most <paramref name="most"/> rows, and writes the history of each account whose last token ends by that;
    /// after the last row, removes a deleted app. Safe to run concurrently. Null: nothing is left to do.
    /// </summary>
    public Task<SweptRows?> SweepAsync(string appId, int most) => statements.CommitAsync(async transaction =>
    {
        if (await transaction.FindAsync(s_findEnding, ReadEnding, appId) is not { } ending)
            return null;

        var accounts = await transaction.ListAsync(s_nextAccounts, static row => row.GetString(0), appId, ending.App.Generation, most);
        if (accounts.Count > 0)
            return new SweptRows(accounts, await SweepAccountsAsync(transaction, ending, accounts, most));

        if (!ending.IsDeleted)
            await transaction.ExecuteAsync(s_clearMark, appId, ending.App.Generation);
        else if (await transaction.ExecuteAsync(s_removeGrantsOfApp, appId, most) > 0
            || await transaction.FindAsync(s_anyGrantOfApp, static row => row.GetString(0), appId) is not null)
            return new SweptRows([], 0); // Others follow, or another node removes them at this moment.
        else
            await transaction.ExecuteAsync(s_removeApp, appId);
        return null;
    });

    /// <summary>
    /// Deletes an account that has no apps of its own any more: its grants, tokens and resources go with it, the apps that were installed
    /// on it get their entry, and the history forgets it.
    /// </summary>
    public Task<AccountEnd> DeleteAccountAsync(string accountId, Ending ending) => statements.CommitAsync(async transaction =>
    {
        await transaction.LockAsync(s_lockAccountForDeletion, accountId);
        if (await transaction.FindAsync(s_anyAppOf, static row => row.GetString(0), accountId) is not null)
            return AccountEnd.HasApps;

        var installed = await transaction.ListAsync(s_installedApps, ReadApp, accountId);
        if (await transaction.ExecuteAsync(s_removeAccount, accountId) == 0)
            return AccountEnd.NotFound;
        await HistoryLedger.ForgetAccountAsync(transaction, accountId);
        foreach (var app in installed)
            await AddUninstalledAsync(transaction, accountId: null, app, ending);
        return AccountEnd.Deleted;
    });

    /// <summary>Adds an entry if the app is not installed on the entry's account: it has no granted token there.</summary>
    internal static ValueTask<int> AddUnlessInstalledAsync(
        IStatementTransaction transaction, HistoryEntry entry, string appId, int generation)
        => AddAsync(transaction, s_addUnlessInstalled, entry, appId, generation);

    private static ValueTask<int> AddAsync(
        IStatementTransaction transaction, Statement insert, HistoryEntry entry, string appId, int generation) => transaction.ExecuteAsync(
            insert, entry.AccountId, appId, generation, entry.At, entry.Kind, entry.ClientId, entry.AppName, entry.Actor.ToString(),
            entry.ActorId, entry.TokenId, entry.Scopes, entry.Reason);

    private static async ValueTask<bool> EndAsync(
        IStatementTransaction transaction, string accountId, AppKey app, string grantId, TokenToEnd token, Ending ending)
    {
        if (await transaction.ExecuteAsync(s_endToken, token.Id) == 0)
            return false;
        await transaction.ExecuteAsync(s_endGrant, grantId);
        if (token.Kind == TokenKinds.AccessToken)
            await AddAsync(
                transaction, s_addTokenEnded, Entry(ending.TokenKind, accountId, app, ending, token), app.Id, app.Generation);
        return true;
    }

    /// <summary>
    /// Ends what is left of an account's tokens of earlier generations, with their entry. Called before something newer happens to the app
    /// on that account, so that the history has the two in their order.
    /// </summary>
    internal static async ValueTask EndOlderAsync(IStatementTransaction transaction, string accountId, string appId, int generation)
    {
        if (generation > 0 && await HasTokenAsync(transaction, s_anyOlderToken, accountId, appId, generation)
            && await transaction.FindAsync(s_findEnding, ReadEnding, appId) is { } ending)
            await SweepAccountsAsync(transaction, ending, [accountId], int.MaxValue);
    }

    private static async ValueTask<bool> HasTokenAsync(
        IStatementTransaction transaction, Statement any, string accountId, string appId, int generation)
        => await transaction.FindAsync(any, static row => row.GetString(0), accountId, appId, generation) is not null;

    /// <summary>
    /// Ends at most so many older rows of these accounts, which are in the order of their ids, so that two sweeps never deadlock.
    /// </summary>
    private static async ValueTask<int> SweepAccountsAsync(
        IStatementTransaction transaction, EndingApp ending, IReadOnlyList<string> accounts, int most)
    {
        var app = ending.App;
        var reason = ending.IsDeleted ? "the app was deleted" : "all tokens of the app were revoked";
        var ended = 0;
        foreach (var accountId in accounts)
        {
            if (ended >= most)
                break;

            await transaction.LockAsync(LockAccount, accountId);
            var hadTokens = await HasTokenAsync(transaction, s_anyOlderToken, accountId, app.Id, app.Generation);
            await transaction.ExecuteAsync(s_endOlderGrants, accountId, app.Id, app.Generation, most - ended);
            ended += await transaction.ExecuteAsync(s_endOlderTokens, accountId, app.Id, app.Generation, most - ended);

            // The entry comes with the last of the account's tokens.
            if (hadTokens && !await HasTokenAsync(transaction, s_anyOlderToken, accountId, app.Id, app.Generation))
                await AddUninstalledAsync(transaction, accountId, app, new Ending(HistoryActor.Portal, ending.Since, reason));
        }

        return ended;
    }

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

    private static HistoryEntry Entry(HistoryKind kind, string? accountId, AppKey app, Ending ending, TokenToEnd? token = null) => new()
    {
        At = ending.At, Kind = kind.Name, AccountId = accountId, ClientId = app.ClientId, AppName = app.Name,
        Actor = ending.Actor, ActorId = ending.ActorId, SessionId = ending.SessionId, TokenId = token?.Id, Scopes = token?.Scopes,
        Reason = ending.Reason,
    };

    private static AppKey ReadApp(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.Text(2), row.GetInt32(3));

    private static EndingApp ReadEnding(DbDataReader row) => new(ReadApp(row), row.Instant(4)!.Value, row.GetBoolean(5));

    private static string NewConcurrencyToken() => Guid.NewGuid().ToString();

    private sealed record AppKey(string Id, string ClientId, string? Name, int Generation);

    private sealed record EndingApp(AppKey App, DateTimeOffset Since, bool IsDeleted);

    private sealed record GrantedToken(string GrantId, string? Scopes, AppKey App);

    private sealed record TokenToEnd(string Id, string Kind, string? Scopes);
}

/// <summary>Who ends grants, when and why; goes into the history.</summary>
/// <param name="Reason">In a few plain words; null where the kind of the entry says it all.</param>
/// <param name="ActorId">The account that does it, where that is not the account of the grant.</param>
/// <param name="SessionId">The session in which an account ends all tokens of its app, or deletes it; null otherwise.</param>
/// <param name="IsReplay">Whether a code that was used a second time is the reason (RFC 6749 §4.1.2).</param>
public sealed record Ending(
    HistoryActor Actor, DateTimeOffset At, string? Reason = null, string? ActorId = null, string? SessionId = null, bool IsReplay = false)
{
    internal HistoryKind TokenKind => IsReplay ? HistoryKinds.TokenReplayed : HistoryKinds.TokenRevoked;
}

/// <summary>The result of deleting an account.</summary>
public enum AccountEnd
{
    Deleted,

    /// <summary>There is no such account.</summary>
    NotFound,

    /// <summary>Nothing was done: the account has an app of its own, which must be deleted first.</summary>
    HasApps,
}

/// <summary>What one step of <see cref="GrantLedger.SweepAsync"/> did.</summary>
/// <param name="Accounts">The accounts whose codes and tokens were ended.</param>
/// <param name="Ended">How many codes and tokens that were.</param>
public sealed record SweptRows(IReadOnlyList<string> Accounts, int Ended);
