using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Data.Statements;

namespace Xeno.Portal.Data.Sessions;

/// <summary>The rows of known devices: browsers on which an account has signed in before.</summary>
public sealed class DeviceLedger(IStatements statements)
{
    private static readonly Statement s_isKnown = new($"""
        SELECT d."KeyHash" FROM "KnownDevices" d JOIN "Accounts" o ON o."Id" = d."AccountId"
        WHERE d."KeyHash" = $1 AND d."AccountId" = $2 AND {SessionDefinition.KnownSql}
        """);

    private static readonly Statement s_remember = new("""
        INSERT INTO "KnownDevices" ("KeyHash", "AccountId", "Stamp", "SignedInAt")
        SELECT $1, o."Id", $3, CAST($4 AS timestamptz) FROM "Accounts" o WHERE o."Id" = $2 /*lock: FOR KEY SHARE */
        ON CONFLICT ("KeyHash", "AccountId") DO UPDATE SET "Stamp" = excluded."Stamp", "SignedInAt" = excluded."SignedInAt"
        """);

    private static readonly Statement s_forgetOldest = new("""
        DELETE FROM "KnownDevices" WHERE "KeyHash" = $1 AND "AccountId" IN (
            SELECT "AccountId" FROM "KnownDevices" WHERE "KeyHash" = $1 ORDER BY "SignedInAt" DESC, "AccountId" LIMIT 1000 OFFSET $2)
        """);

    private static readonly Statement s_removeOld = new("""
        DELETE FROM "KnownDevices" WHERE ("KeyHash", "AccountId") IN (
            SELECT "KeyHash", "AccountId" FROM "KnownDevices" WHERE "SignedInAt" <= $1 ORDER BY "SignedInAt" LIMIT $2)
        """);

    /// <summary>
    /// Whether the account has signed in on the browser with that key since <paramref name="oldest"/>, with its password of today.
    /// </summary>
    public async ValueTask<bool> IsKnownAsync(string key, string accountId, DateTimeOffset oldest)
        => await statements.FindAsync(s_isKnown, static row => row.GetString(0), TokenHash.Of(key), accountId, oldest) is not null;

    /// <summary>Remembers that the account has signed in on that browser, which forgets all but its last accounts.</summary>
    /// <param name="most">How many accounts a browser may be known to.</param>
    public Task RememberAsync(string key, string accountId, string stamp, DateTimeOffset now, int most)
        => statements.CommitAsync(async transaction =>
        {
            var hash = TokenHash.Of(key);
            await transaction.ExecuteAsync(s_remember, hash, accountId, stamp, now);
            return await transaction.ExecuteAsync(s_forgetOldest, hash, most);
        });

    /// <summary>Removes at most <paramref name="most"/> rows of sign-ins up to an instant; gives how many were removed.</summary>
    public Task<int> RemoveOldAsync(DateTimeOffset before, int most)
        => statements.CommitAsync(transaction => transaction.ExecuteAsync(s_removeOld, before, most));
}
