using System.Data.Common;
using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Xeno.Portal.Data;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Data.Guesses;
using Xeno.Portal.Data.Moving;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Data.Moving;

/// <summary>The move from SQLite to PostgreSQL copies every row once, and verifies the copy.</summary>
[Trait("Category", "Database")]
public sealed class MoveTests(PostgreSqlCluster cluster)
{
    private static readonly string[] s_notOfTheModel = ["__EFMigrationsHistory", "__EFMigrationsLock", "sqlite_sequence"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_move_PostgreSQL_accepts_what_was_issued_on_SQLite()
    {
        await using var store = await FullStore.NewAsync();
        var target = await cluster.BlankDatabaseAsync();

        await MoveAsync(store, target);

        await using var moved = On(target);
        var rp = new RelyingParty(moved, store.App);
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(store.Token)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await rp.CallAsync(store.RevokedToken)).Status);
        Assert.Equal(HttpStatusCode.OK, (await rp.ExchangeAsync(store.Code)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await rp.ExchangeAsync(store.Code)).Status);
        Assert.Equal(HttpStatusCode.OK, (await moved.CopyOf(store.Browser).GetAsync("/apps")).StatusCode);

        await moved.InScopeAsync(async services =>
        {
            var accounts = services.GetRequiredService<UserManager<Account>>();
            var account = (await accounts.FindByIdAsync(store.Account.Id))!;
            Assert.True(await accounts.CheckPasswordAsync(account, Given.Password));
            var claims = await accounts.GetClaimsAsync(account);
            Assert.Equal(["colour: teal", "size: "], claims.Select(claim => claim.ToString()).Order(StringComparer.Ordinal));
            var passkey = (await accounts.GetPasskeyAsync(account, store.Passkey.CredentialId))!;
            Assert.Equal(
                [store.Passkey.PublicKey, store.Passkey.AttestationObject, store.Passkey.ClientDataJson],
                [passkey.PublicKey, passkey.AttestationObject, passkey.ClientDataJson]);
            Assert.Equal(store.Passkey.Transports, passkey.Transports);
            Assert.Equal(
                (store.Passkey.SignCount, store.Passkey.Name, store.Passkey.IsUserVerified, store.Passkey.IsBackupEligible,
                    store.Passkey.IsBackedUp),
                (passkey.SignCount, passkey.Name, passkey.IsUserVerified, passkey.IsBackupEligible, passkey.IsBackedUp));
            Assert.InRange(store.Passkey.CreatedAt - passkey.CreatedAt, TimeSpan.Zero, TimeSpan.FromMicroseconds(1));

            // New identity values are higher than the copied ones.
            Assert.True((await accounts.AddClaimAsync(account, new("shape", "round"))).Succeeded);
            var database = services.GetRequiredService<PortalDbContext>();
            Assert.Single(await database.Users.Where(a => a.LockoutEnd == DateTimeOffset.MaxValue).ToListAsync());
        });
    }

    [Fact]
    public async Task No_table_and_no_column_of_the_model_is_left_out()
    {
        await using var store = await FullStore.NewAsync();
        var target = await cluster.BlankDatabaseAsync();

        var steps = await MoveAsync(store, target);
        await using var moved = On(target);

        var model = await store.Portal.AskDatabaseAsync(database => Task.FromResult(
            database.Model.GetEntityTypes().Select(type => type.GetTableName()!).Distinct().Order(StringComparer.Ordinal).ToList()));
        var there = await store.Portal.AskDatabaseAsync(database
            => NamesAsync(database, "SELECT name FROM sqlite_master WHERE type = 'table'"));
        Assert.Equal(model, there.Except(s_notOfTheModel).Order(StringComparer.Ordinal));
        Assert.Equal(model, steps.Where(step => step.Stage is MoveStage.Verified).Select(step => step.Table).Order(StringComparer.Ordinal));
        Assert.All(steps, step => Assert.True(step.Of > 0, $"The test has no row in {step.Table}."));

        var tables = await store.Portal.AskDatabaseAsync(from => moved.AskDatabaseAsync(to => Task.FromResult(
            MovedTable.AllOf(from.Model.GetRelationalModel(), to.Model.GetRelationalModel()))));
        foreach (var table in tables)
        {
            var columns = table.Columns.Select(column => column.Name).Order(StringComparer.Ordinal).ToList();
            var onSqlite = await store.Portal.AskDatabaseAsync(database
                => NamesAsync(database, $"SELECT name FROM pragma_table_info('{table.Name}')"));
            var onPostgreSql = await moved.AskDatabaseAsync(database => NamesAsync(database, $"""
                SELECT column_name FROM information_schema.columns
                WHERE table_schema = 'public' AND table_name = '{table.Name}'
                """));
            Assert.Equal(columns, onSqlite.Order(StringComparer.Ordinal));
            Assert.Equal(columns, onPostgreSql.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task A_move_that_is_stopped_several_times_copies_everything()
    {
        await using var store = await FullStore.NewAsync();
        var copy = store.Portal.DatabaseFile + ".copy";
        await store.Portal.Services.GetRequiredService<DatabaseBackup>().WriteAsync(copy, Cancellation);
        var target = await cluster.BlankDatabaseAsync();

        var (runs, resumedWithinATable) = (0, false);
        List<MoveStep> steps;
        while (true)
        {
            runs++;
            steps = [];
            try
            {
                await Move(store, batchRows: 2).RunAsync(target, StopAfterAFewCopies, Cancellation);
                break;
            }
            catch (TimeoutException)
            {
                resumedWithinATable |= steps.Exists(step
                    => step.Rows > 0 && step.Rows < step.Of && steps.Find(other => other.Table == step.Table) == step);
                // No portal may start on a part of the rows.
                await Assert.ThrowsAsync<MoveIsUnderWayException>(() => JudgeAsync("PostgreSql", target));
            }
        }

        await using var onCopy = new PortalFactory { Settings = { ["Database:ConnectionString"] = $"Data Source={copy}" } };
        var atOnce = new List<MoveStep>();
        await onCopy.Services.GetRequiredService<DatabaseMove>().RunAsync(await cluster.BlankDatabaseAsync(), atOnce.Add, Cancellation);
        Assert.True(runs > 3 && resumedWithinATable);
        Assert.Equal(atOnce.Where(step => step.Stage is MoveStage.Verified), steps.Where(step => step.Stage is MoveStage.Verified));

        void StopAfterAFewCopies(MoveStep step)
        {
            steps.Add(step);
            if (step.Stage is MoveStage.Copying && steps.Count(s => s.Rows > 0 && s.Rows < s.Of) > 2 && runs < 5)
                throw new TimeoutException("Pulled the plug.");
        }
    }

    [Theory]
    [InlineData(
        """UPDATE "Tokens" SET "LastUsedAt" = "CreationDate" - interval '1 microsecond'"""
        + """ WHERE "Type" = 'access_token' AND "Status" = 'valid'""", "Tokens")]
    [InlineData("""UPDATE "Accounts" SET "SecurityStamp" = NULL""", "Accounts")]
    [InlineData("""UPDATE "AccountPasskeys" SET "Data" = jsonb_set("Data", '{SignCount}', '5')""", "AccountPasskeys")]
    [InlineData("""DELETE FROM "GuessCounts" """, "GuessCounts")]
    public async Task A_row_that_differs_refuses_the_move(string change, string table)
    {
        await using var store = await FullStore.NewAsync();
        var target = await cluster.BlankDatabaseAsync();

        var refusal = await Assert.ThrowsAsync<MoveRefusedException>(() => Move(store).RunAsync(target, step =>
        {
            // The last step of copying: all rows are there, and none is verified yet.
            if (step is { Stage: MoveStage.Copying, Table: "Widgets", Rows: > 0 })
                Ask(target, change);
        }, Cancellation));

        Assert.StartsWith($"{table} is not the same on both sides", refusal.Message, StringComparison.Ordinal);
        await store.Portal.AccountAsync(); // The source is still writable.
    }

    [Fact]
    public async Task A_target_that_already_has_rows_is_refused()
    {
        await using var store = await FullStore.NewAsync();
        await using var other = On(await cluster.NewDatabaseAsync());
        await other.AccountAsync();

        var refusal = await Assert.ThrowsAsync<MoveRefusedException>(() => MoveAsync(store, other.Settings["Database:ConnectionString"]!));

        Assert.Contains("of which this command moved 0", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_simultaneous_move_to_the_same_database_is_refused()
    {
        await using var store = await FullStore.NewAsync();
        await using var other = await FullStore.NewAsync();
        var target = await cluster.BlankDatabaseAsync();
        MoveRefusedException? refusal = null;

        await Move(store).RunAsync(target, step =>
        {
            // Rows are copied and not yet verified: the first move holds both databases.
            if (step is { Stage: MoveStage.Copying, Table: "Widgets", Rows: > 0 })
                refusal ??= Assert.ThrowsAsync<MoveRefusedException>(() => MoveAsync(other, target)).GetAwaiter().GetResult();
        }, Cancellation);

        Assert.StartsWith("Another move to this PostgreSQL database is under way", refusal?.Message, StringComparison.Ordinal);
        await using var moved = On(target);
        Assert.Equal(HttpStatusCode.OK, (await new RelyingParty(moved, store.App).CallAsync(store.Token)).Status);
    }

    [Fact]
    public async Task A_running_portal_can_read_during_the_move_and_loses_no_write()
    {
        await using var store = await FullStore.NewAsync();
        var target = await cluster.BlankDatabaseAsync();
        var rp = new RelyingParty(store.Portal, store.App);
        var guesses = store.Portal.Services.GetRequiredService<GuessLedger>();
        Task? waiting = null;

        await Move(store).RunAsync(target, step =>
        {
            if (step is not { Stage: MoveStage.Copying, Table: "Tokens", Rows: 0 })
                return;
            Assert.Equal(HttpStatusCode.OK, rp.CallAsync(store.Token).GetAwaiter().GetResult().Status);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, rp.ExchangeAsync(store.Code).GetAwaiter().GetResult().Status);
            waiting = guesses.AddAsync(
                [new CountedGuess("waits for the end of the move", TimeSpan.FromHours(1), 10)], DateTimeOffset.UtcNow);
        }, Cancellation);

        // The write was waiting until the move was done. It must fail: SQLite is not in use any more.
        Assert.True(DatabaseTrouble.IsBehind(await Assert.ThrowsAnyAsync<DbException>(() => waiting!)));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await rp.ExchangeAsync(store.Code)).Status);
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(store.Token)).Status);
        await using var moved = On(target);
        Assert.Equal(HttpStatusCode.OK, (await new RelyingParty(moved, store.App).ExchangeAsync(store.Code)).Status);
    }

    [Fact]
    public async Task A_moved_database_is_refused_by_a_start_and_by_another_move()
    {
        await using var store = await FullStore.NewAsync();
        var target = await cluster.BlankDatabaseAsync();
        await MoveAsync(store, target);

        (await PortalProgram.RunAsync([], ("Database__ConnectionString", $"Data Source={store.Portal.DatabaseFile}")))
            .ShouldBeRefused("This SQLite database was moved to PostgreSQL");
        await Assert.ThrowsAsync<DatabaseHasMovedException>(() => MoveAsync(store, target));
        await Assert.ThrowsAsync<DatabaseHasMovedException>(async () => await MoveAsync(store, await cluster.BlankDatabaseAsync()));
    }

    [Fact]
    public async Task A_move_that_is_killed_between_the_last_two_commits_can_be_continued()
    {
        await using var store = await FullStore.NewAsync();
        var target = await cluster.BlankDatabaseAsync();
        // The table that the last commit on PostgreSQL needs is missing for a while.
        await Assert.ThrowsAnyAsync<DatabaseRefusalException>(() => Move(store).RunAsync(target, step =>
        {
            if (step is { Stage: MoveStage.Verified, Table: "Tokens" })
                Ask(target, """CREATE VIEW "InTheWay" AS SELECT * FROM "MoveProgress" """);
        }, Cancellation));
        Ask(target, """DROP VIEW "InTheWay" """);
        await Assert.ThrowsAsync<DatabaseHasMovedException>(() => JudgeAsync("Sqlite", $"Data Source={store.Portal.DatabaseFile}"));

        await MoveAsync(store, target);

        await using var moved = On(target);
        Assert.Equal(HttpStatusCode.OK, (await new RelyingParty(moved, store.App).CallAsync(store.Token)).Status);
    }

    [Fact]
    public async Task A_row_that_PostgreSQL_refuses_is_named_and_can_be_corrected()
    {
        await using var store = await FullStore.NewAsync();
        var target = await cluster.BlankDatabaseAsync();
        await NameAsync(new string('x', 101));

        var refusal = await Assert.ThrowsAsync<MoveRefusedException>(() => MoveAsync(store, target));
        Assert.StartsWith(
            "PostgreSQL refused a row of Accounts: value too long for type character varying(100) (COPY Accounts, line",
            refusal.Message, StringComparison.Ordinal);

        await NameAsync("short");
        await MoveAsync(store, target);

        Task NameAsync(string name) => store.Portal.AskDatabaseAsync(async database =>
        {
            (await database.Users.SingleAsync(account => account.Id == store.Account.Id)).DisplayName = name;
            return await database.SaveChangesAsync();
        });
    }

    [Fact]
    public async Task The_command_reports_each_table_and_the_settings_to_change()
    {
        await using var store = await FullStore.NewAsync();
        (string, string) source = ("Database__ConnectionString", $"Data Source={store.Portal.DatabaseFile}");

        (await PortalProgram.RunAsync(["move-database", "--to", "somewhere"], source))
            .ShouldBeRefused("--to cannot be read: write keywords and values, for example Host=localhost;");
        (await PortalProgram.RunAsync(["move-database", "--to", "Host=127.0.0.1;Port=1;Database=x;Password=hidden"], source))
            .ShouldBeRefused("The database cannot be reached");
        var ended = await PortalProgram.RunAsync(["move-database", "--to", await cluster.BlankDatabaseAsync()], source);

        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        Assert.Contains("Tokens: 5 of 5 rows copied\n", ended.Output, StringComparison.Ordinal);
        Assert.Matches("Tokens: 5 rows verified, checksum [0-9a-f]{32}\n", ended.Output);
        Assert.Matches("(?s)rows verified.*Done: .*Database:Provider=PostgreSql.*Database:ConnectionString=", ended.Output);
    }

    private static DatabaseMove Move(FullStore store, int batchRows = 20_000) => new(
        store.Portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>(),
        store.Portal.Services.GetRequiredService<DatabaseMigrations>()) { BatchRows = batchRows };

    private static async Task<List<MoveStep>> MoveAsync(FullStore store, string target)
    {
        var steps = new List<MoveStep>();
        await Move(store).RunAsync(target, steps.Add, Cancellation);
        return steps;
    }

    private static PortalFactory On(string target)
        => new() { Settings = { ["Database:Provider"] = "PostgreSql", ["Database:ConnectionString"] = target } };

    /// <summary>Checks a database as a start does.</summary>
    private static async Task JudgeAsync(string provider, string connectionString)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["Database:Provider"] = provider;
        builder.Configuration["Database:ConnectionString"] = connectionString;
        builder.AddData();
        using var host = builder.Build();
        await host.Services.GetRequiredService<DatabaseMigrations>().PendingAsync();
    }

    private static void Ask(string target, string sql)
    {
        using var connection = new NpgsqlConnection($"{target};Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private static async Task<List<string>> NamesAsync(PortalDbContext database, string sql)
        => await database.Database.SqlQueryRaw<string>(sql).ToListAsync();
}
