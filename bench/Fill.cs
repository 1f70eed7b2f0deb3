using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace Xeno.Portal.Bench;

/// <summary>Fills a portal's store as years of use would: one account for every ten tokens, one app for every hundred.</summary>
internal static class Fill
{
    private const int TokensPerAccount = 10;
    private const int TokensPerApp = 100;

    private static readonly string[] s_scopes = ["widgets", "widgets contacts", "faqs", "widgets faqs contacts conversations"];

    /// <summary>Adds that many valid tokens, each with its grant. Durable only at the end: do not use a store after a failure.</summary>
    public static void Tokens(SqliteConnection database, int tokens) => InOneTransaction(database, tokens, () =>
    {
        var accounts = Accounts(database, tokens / TokensPerAccount);
        Grants(database, tokens, accounts, Apps(database, tokens / TokensPerApp, accounts));
    });

    /// <summary>The same, all of one app on one account, which are in the store already.</summary>
    public static void TokensOf(SqliteConnection database, int tokens, string account, string app)
        => InOneTransaction(database, tokens, () => Grants(database, tokens, [account], [app]));

    private static void InOneTransaction(SqliteConnection database, int tokens, Action fill)
    {
        var clock = Stopwatch.StartNew();
        Execute(database, "PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF; PRAGMA cache_size=-2000000");
        using (var transaction = database.BeginTransaction())
        {
            fill();
            transaction.Commit();
        }

        Execute(database, "PRAGMA synchronous=FULL; PRAGMA wal_checkpoint(TRUNCATE)");
        Measuring.Log(string.Create(CultureInfo.InvariantCulture, $"filled with {tokens:N0} tokens in {clock.Elapsed.TotalSeconds:F0} s"));
    }

    private static string[] Accounts(SqliteConnection database, int count)
    {
        using var insert = new Insert(database, "Accounts",
            "Id", "UserName", "NormalizedUserName", "Email", "NormalizedEmail", "EmailConfirmed", "PasswordHash", "SecurityStamp",
            "ConcurrencyStamp", "PhoneNumberConfirmed", "TwoFactorEnabled", "LockoutEnabled", "AccessFailedCount", "CreatedAt");
        var ids = new string[count];
        for (var i = 0; i < count; i++)
        {
            ids[i] = Guid.NewGuid().ToString();
            var email = $"account{i}@bench.example";
            insert.Row(
                ids[i], email, email.ToUpperInvariant(), email, email.ToUpperInvariant(), 0, "none", "stamp", "stamp", 0, 0, 1, 0,
                DateTime.UtcNow.Ticks);
        }

        return ids;
    }

    private static string[] Apps(SqliteConnection database, int count, string[] accounts)
    {
        using var insert = new Insert(database, "Apps",
            "Id", "OwnerId", "CreatedAt", "ClientId", "ClientSecret", "ClientType", "ConsentType", "DisplayName", "RedirectUris",
            "ConcurrencyToken");
        var ids = new string[count];
        for (var i = 0; i < count; i++)
        {
            ids[i] = Guid.NewGuid().ToString("N");
            insert.Row(ids[i], accounts[i], DateTime.UtcNow.Ticks, $"xa_bench{i}", "none", "confidential", "explicit", $"Bench app {i}",
                "[\"https://app.example/callback\"]", "0");
        }

        return ids;
    }

    private static void Grants(SqliteConnection database, int count, string[] accounts, string[] apps)
    {
        using var grant = new Insert(database, "Grants", "Id", "ApplicationId", "Subject", "Scopes", "CreationDate", "Status", "Type");
        using var token = new Insert(database, "Tokens",
            "Id", "ApplicationId", "AuthorizationId", "Subject", "Scopes", "ReferenceId", "CreationDate", "Status", "Type");
        Span<byte> hash = stackalloc byte[32];
        var made = DateTime.UtcNow.AddYears(-2);
        for (var i = 0; i < count; i++)
        {
            // In the order of time, and mixed over accounts, as in real use.
            made = made.AddSeconds(60);
            var account = accounts[(int)((long)i * 7919 % accounts.Length)];
            var app = apps[(int)((long)i * 104_729 % apps.Length)];
            var scopes = s_scopes[i % s_scopes.Length];
            var grantId = Guid.CreateVersion7(made).ToString("N");
            RandomNumberGenerator.Fill(hash);
            grant.Row(grantId, app, account, "[]", made, "valid", "ad-hoc");
            token.Row(
                Guid.CreateVersion7(made).ToString("N"), app, grantId, account, scopes, Convert.ToBase64String(hash), made, "valid",
                "access_token");
        }
    }

    private static void Execute(SqliteConnection database, string sql)
    {
        using var command = database.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>A prepared insert, for many rows.</summary>
    private sealed class Insert : IDisposable
    {
        private readonly SqliteCommand _command;

        public Insert(SqliteConnection database, string table, params string[] columns)
        {
            _command = database.CreateCommand();
            _command.CommandText = $"""
                INSERT INTO "{table}" ({string.Join(", ", columns.Select(column => $"\"{column}\""))})
                VALUES ({string.Join(", ", columns.Select((_, i) => $"${i}"))})
                """;
            for (var i = 0; i < columns.Length; i++)
                _command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
        }

        public void Row(params ReadOnlySpan<object> values)
        {
            for (var i = 0; i < values.Length; i++)
                _command.Parameters[i].Value = values[i];
            _command.ExecuteNonQuery();
        }

        public void Dispose() => _command.Dispose();
    }
}
