using System.Data.Common;
using Xeno.Portal.Data.History;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Data.Statements;

namespace Xeno.Portal.Data.Sessions;

/// <summary>
/// The rows of sessions, by SQL statements of our own: one of them runs with every request of a signed-in browser (decision 0011). Each
/// change is one transaction, in which the history is written too.
/// </summary>
public sealed class SessionLedger(IStatements statements)
{
    private const string Columns =
        """s."Id", s."AccountId", o."UserName", o."Email", s."StartedAt", s."ProvedAt", s."RenewedAt", s."EndsAt", s."IsPersistent", """
        + """s."Device", s."ReplacedId", s."LastSeenAt" """;

    private const string FromSessions = """FROM "Sessions" s JOIN "Accounts" o ON o."Id" = s."AccountId" """;

    private static readonly string s_granted = TokenDefinition.GrantedToAppOn("s.\"AccountId\"", "$4", "$5");

    private static readonly Statement s_find = new($"""
        SELECT {Columns} {FromSessions}
        WHERE s."KeyHash" = $1 AND {SessionDefinition.LiveSql}
        """);

    // Counts tokens only as far as it has to.
    private static readonly Statement s_findWithApp = new($"""
        SELECT {Columns},
            {TokenDefinition.ScopesOf(s_granted)},
            (SELECT count(*) FROM (SELECT 1 FROM "Tokens" WHERE {s_granted} LIMIT $6) AS counted)
        {FromSessions}
        WHERE s."KeyHash" = $1 AND {SessionDefinition.LiveSql}
        """);

    private static readonly Statement s_findById = new($"""
        SELECT {Columns} {FromSessions}
        WHERE s."Id" = $1 AND {SessionDefinition.LiveSql}
        """);

    private static readonly Statement s_listOf = new($"""
        SELECT {Columns} {FromSessions}
        WHERE s."AccountId" = $1 AND {SessionDefinition.LiveSql}
        ORDER BY s."StartedAt" DESC
        """);

    // Nothing when the account was suspended or deleted, or got another password, since it was read for this sign-in.
    private static readonly Statement s_insert = new("""
        INSERT INTO "Sessions" ("Id", "AccountId", "KeyHash", "Stamp", "StartedAt", "ProvedAt", "RenewedAt", "LastSeenAt", "EndsAt",
            "IsPersistent", "Device", "ReplacedId")
        SELECT $3, o."Id", $4, $2, CAST($5 AS timestamptz), $5, $5, $5, CAST($6 AS timestamptz), CAST($7 AS boolean), $8, $9
        FROM "Accounts" o WHERE o."Id" = $1 AND o."SecurityStamp" = $2 AND o."SuspendedAt" IS NULL /*lock: FOR KEY SHARE */
        """);

    private static readonly Statement s_renew = new("""
        UPDATE "Sessions" SET "RenewedAt" = $2, "EndsAt" = $3 WHERE "KeyHash" = $1
        """);

    private static readonly Statement s_noteProof = new("""
        UPDATE "Sessions" SET "ProvedAt" = $2 WHERE "Id" = $1 AND "ProvedAt" < $2
        """);

    private static readonly Statement s_noteSeen = new("""
        UPDATE "Sessions" SET "LastSeenAt" = $2 WHERE "Id" = $1 AND "LastSeenAt" < $2
        """);

    // The account's stamp as it is now: of two changes at the same time, the later one decides.
    private static readonly Statement s_keep = new("""
        UPDATE "Sessions" SET "ProvedAt" = $3, "Stamp" = (SELECT o."SecurityStamp" FROM "Accounts" o WHERE o."Id" = "Sessions"."AccountId")
        WHERE "Id" = $1 AND "AccountId" = $2 AND "Stamp" = $4
        """);

    private static readonly Statement s_removeByKey = new("""
        DELETE FROM "Sessions" WHERE "KeyHash" = $1 RETURNING "Id", "AccountId", "Device"
        """);

    private static readonly Statement s_remove = new("""
        DELETE FROM "Sessions" WHERE "AccountId" = $1 AND "Id" = $2 RETURNING "Id", "AccountId", "Device"
        """);

    private static readonly Statement s_removeOthers = new("""
        DELETE FROM "Sessions" WHERE "AccountId" = $1 AND "Id" <> $2 RETURNING "Id", "AccountId", "Device"
        """);

    private static readonly Statement s_removeOld = new("""
        DELETE FROM "Sessions" WHERE "Id" IN (SELECT "Id" FROM "Sessions" WHERE "EndsAt" <= $1 ORDER BY "EndsAt" LIMIT $2)
        """);

    /// <summary>The live session with that key; null when there is none.</summary>
    /// <param name="oldest">A session that started before this instant, or at it, has reached its absolute age.</param>
    public ValueTask<LiveSession?> FindAsync(string key, DateTimeOffset now, DateTimeOffset oldest)
        => statements.FindAsync(s_find, static row => Read(row), TokenHash.Of(key), now, oldest);

    /// <summary>The same, together with what its account allows an app today: one statement for the authorization endpoint.</summary>
    public ValueTask<LiveSession?> FindAsync(string key, DateTimeOffset now, DateTimeOffset oldest, HeldScopesQuery app)
        => statements.FindAsync(
            s_findWithApp, static row => Read(row) with { Held = new HeldByApp(row.Text(12), row.GetInt32(13)) },
            TokenHash.Of(key), now, oldest, app.AppId, app.Generation, app.MostTokens);

    /// <summary>The live session of that id; null when there is none.</summary>
    public ValueTask<LiveSession?> FindByIdAsync(string id, DateTimeOffset now, DateTimeOffset oldest)
        => statements.FindAsync(s_findById, static row => Read(row), id, now, oldest);

    /// <summary>The live sessions of an account, the newest first.</summary>
    public ValueTask<IReadOnlyList<LiveSession>> ListOfAsync(string accountId, DateTimeOffset now, DateTimeOffset oldest)
        => statements.ListAsync(s_listOf, static row => Read(row), accountId, now, oldest);

    /// <summary>
    /// Starts a session, and ends the one that the browser had before. Nothing is started when the account was suspended or deleted, or got
    /// another password, since it was read.
    /// </summary>
    public Task<StartedSession> StartAsync(NewSession session, string? replacedKey, DateTimeOffset now)
        => statements.CommitAsync(async transaction =>
    {
        var replaced = replacedKey is null
            ? null
            : (await EndAsync(transaction, s_removeByKey, now, TokenHash.Of(replacedKey))).SingleOrDefault();
        if (await transaction.ExecuteAsync(s_insert, session.AccountId, session.Stamp, session.Id, TokenHash.Of(session.Key), now,
                session.EndsAt, session.IsPersistent, session.Device, replaced?.Id) == 0)
            return new StartedSession(IsStarted: false, replaced?.AccountId);
        await HistoryLedger.AddAsync(transaction, new HistoryEntry
        {
            At = now, Kind = HistoryKinds.SessionStarted.Name, AccountId = session.AccountId, Actor = HistoryActor.Account,
            SessionId = session.Id, Device = session.Device,
        });
        return new StartedSession(IsStarted: true, replaced?.AccountId);
    });

    /// <summary>Notes that the browser got its cookie again, which moves the end of the session.</summary>
    public Task RenewAsync(string key, DateTimeOffset now, DateTimeOffset endsAt)
        => statements.CommitAsync(transaction => transaction.ExecuteAsync(s_renew, TokenHash.Of(key), now, endsAt));

    /// <summary>Notes that the person proved again to be the account's owner.</summary>
    public Task NoteProofAsync(string id, DateTimeOffset now)
        => statements.CommitAsync(transaction => transaction.ExecuteAsync(s_noteProof, id, now));

    /// <summary>Notes when sessions were last used; a time never moves back.</summary>
    public Task NoteSeenAsync(IReadOnlyCollection<(string Id, DateTimeOffset At)> seen) => statements.NoteTimesAsync(s_noteSeen, seen);

    /// <summary>
    /// Keeps one session of an account live, whose person has just changed the password. The change ended all that have the stamp of
    /// before.
    /// </summary>
    /// <param name="oldStamp">The account's security stamp before the change.</param>
    public Task KeepAsync(string accountId, string id, string oldStamp, DateTimeOffset now)
        => statements.CommitAsync(transaction => transaction.ExecuteAsync(s_keep, id, accountId, now, oldStamp));

    /// <summary>Ends the session with that key (log-out). Gives its account; null when there was no such session.</summary>
    public async Task<string?> EndByKeyAsync(string key, DateTimeOffset now)
        => (await EndAsync(s_removeByKey, now, TokenHash.Of(key))) is [var ended] ? ended.AccountId : null;

    /// <summary>Ends one session of an account. False: the account has no such session.</summary>
    public async Task<bool> EndAsync(string accountId, string id, DateTimeOffset now)
        => (await EndAsync(s_remove, now, accountId, id)).Count > 0;

    /// <summary>Ends all sessions of an account but one; gives how many there were.</summary>
    public async Task<int> EndOthersAsync(string accountId, string keptId, DateTimeOffset now)
        => (await EndAsync(s_removeOthers, now, accountId, keptId)).Count;

    /// <summary>Removes at most <paramref name="most"/> rows of sessions that ended by time; gives how many were removed.</summary>
    public Task<int> RemoveOldAsync(DateTimeOffset now, int most)
        => statements.CommitAsync(transaction => transaction.ExecuteAsync(s_removeOld, now, most));

    private Task<IReadOnlyList<EndedSession>> EndAsync(Statement remove, DateTimeOffset now, params object?[] values)
        => statements.CommitAsync(transaction => EndAsync(transaction, remove, now, values));

    private static async ValueTask<IReadOnlyList<EndedSession>> EndAsync(
        IStatementTransaction transaction, Statement remove, DateTimeOffset now, params object?[] values)
    {
        var ended = await transaction.ListAsync(
            remove, static row => new EndedSession(row.GetString(0), row.GetString(1), row.Text(2)), values);
        foreach (var session in ended)
            await HistoryLedger.AddAsync(transaction, new HistoryEntry
            {
                At = now, Kind = HistoryKinds.SessionEnded.Name, AccountId = session.AccountId, Actor = HistoryActor.Account,
                SessionId = session.Id, Device = session.Device,
            });
        return ended;
    }

    private static LiveSession Read(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.Text(2) ?? "", row.Text(3) ?? "", row.Instant(4)!.Value, row.Instant(5)!.Value,
        row.Instant(6)!.Value, row.Instant(7)!.Value, row.GetBoolean(8), row.Text(9), row.Text(10),
        row.Instant(11)!.Value);

    private sealed record EndedSession(string Id, string AccountId, string? Device);
}

/// <summary>A session that starts.</summary>
/// <param name="Key">Goes into the browser's cookie; only its hash is stored.</param>
/// <param name="Stamp">The account's security stamp, as it was read when the password was checked.</param>
public sealed record NewSession(
    string Id, string Key, string AccountId, string Stamp, DateTimeOffset EndsAt, bool IsPersistent, string? Device);

/// <summary>A session that is live now. The parameters are those of <see cref="AccountSession"/>.</summary>
public sealed record LiveSession(
    string Id, string AccountId, string UserName, string Email, DateTimeOffset StartedAt, DateTimeOffset ProvedAt, DateTimeOffset RenewedAt,
    DateTimeOffset EndsAt, bool IsPersistent, string? Device, string? ReplacedId, DateTimeOffset LastSeenAt)
{
    /// <summary>What the account allows the app that was asked about; null when none was.</summary>
    public HeldByApp? Held { get; init; }
}

/// <summary>The query for the scopes and tokens that an account has granted to an app.</summary>
/// <param name="Generation">The generation of the app (<c>RegisteredApp.TokenGeneration</c>), as it was read for this request.</param>
/// <param name="MostTokens">How far its tokens are counted.</param>
public sealed record HeldScopesQuery(string AppId, int Generation, int MostTokens);

/// <summary>What an account allows an app today.</summary>
/// <param name="Scopes">The scopes of its granted tokens for that app, space-separated, some perhaps twice; null: it has none.</param>
/// <param name="Tokens">How many granted tokens it has, counted up to <see cref="HeldScopesQuery.MostTokens"/>.</param>
public sealed record HeldByApp(string? Scopes, int Tokens);

/// <summary>The result of a sign-in.</summary>
/// <param name="IsStarted">Whether the session was started.</param>
/// <param name="ReplacedAccountId">The account of the session that the browser had before, which ended; null: it had none.</param>
public sealed record StartedSession(bool IsStarted, string? ReplacedAccountId);
