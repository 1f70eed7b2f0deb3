using Microsoft.Data.Sqlite;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Commands;

/// <summary>The command <c>migrate</c>, and starts on a database whose model differs from that of this build.</summary>
[Trait("Category", "Operations")]
public sealed class MigrateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xeno-migrate-").FullName;

    private string Database => $"Data Source={Path.Combine(_folder, "portal.db")};Pooling=false";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Migrate_updates_a_database_to_the_model_of_this_build_and_prints_what_it_did()
    {
        var first = await RunAsync(["migrate"]);
        var second = await RunAsync(["migrate"]);

        Assert.Equal((0, ""), (first.ExitCode, first.Errors));
        Assert.Contains("Applied: ", first.Output, StringComparison.Ordinal);
        Assert.Contains("LimitsAndPruning", first.Output, StringComparison.Ordinal);
        Assert.Equal(0, second.ExitCode);
        Assert.Contains("nothing to do", second.Output, StringComparison.Ordinal);
        Assert.Equal(0L, Ask("""SELECT count(*) FROM "Accounts" """));
    }

    [Fact]
    public async Task With_migration_at_start_off_a_start_is_refused_until_migrate_has_run()
    {
        (string, string) byHand = ("Database__MigrateOnStart", "false");

        (await RunAsync([], byHand)).ShouldBeRefused("The database is older than this program");
        Assert.Contains("dotnet Xeno.Portal.dll migrate", (await RunAsync([], byHand)).Errors, StringComparison.Ordinal);

        await RunAsync(["migrate"], byHand);
        using var portal = PortalProgram.Start([], ("Database__ConnectionString", Database), ("Urls", "http://127.0.0.1:0"), byHand);
        try
        {
            var line = "";
            while (line is not null && !line.Contains("Now listening on", StringComparison.Ordinal))
                line = await portal.StandardOutput.ReadLineAsync();
            Assert.NotNull(line);
        }
        finally
        {
            portal.Kill();
            await portal.WaitForExitAsync();
        }
    }

    [Theory]
    [InlineData]
    [InlineData("migrate")]
    public async Task A_newer_database_is_refused_in_one_sentence(params string[] arguments)
    {
        await RunAsync(["migrate"]);
        Ask("""INSERT INTO "__EFMigrationsHistory" VALUES ('29991231235959_Later', '99.0')""");

        (await RunAsync(arguments)).ShouldBeRefused("The database is newer than this program: it has the migration 29991231235959_Later");
    }

    [Theory]
    [InlineData("Sqlite", "Data Source=/proc/self/portal.db", "/proc/self, where Database:ConnectionString has the database, cannot be")]
    [InlineData("PostgreSql", "Host=127.0.0.1;Port=1;Username=xeno;Password=the-database-password;Database=xeno",
        "The database cannot be reached, see Database:ConnectionString: ")]
    public async Task An_unreachable_database_is_reported_in_one_sentence(string provider, string connectionString, string sentence)
    {
        foreach (string[] arguments in (string[][])[[], ["migrate"]])
        {
            var ended = await RunAsync(arguments, ("Database__Provider", provider), ("Database__ConnectionString", connectionString));

            ended.ShouldBeRefused(sentence);
            Assert.DoesNotContain("the-database-password", ended.Errors + ended.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_reported_in_one_sentence()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "portal.db"), string.Join(' ', Enumerable.Repeat("not a database", 1000)));

        (await RunAsync([])).ShouldBeRefused("The database cannot be reached, see Database:ConnectionString: SQLite Error 26");
    }

    [Theory]
    [InlineData("migrate", "now")]
    [InlineData("migrate", "--to=x")]
    [InlineData("backup")]
    public async Task A_mistyped_command_is_refused_and_changes_nothing(params string[] arguments)
    {
        var ended = await RunAsync(arguments);

        Assert.Equal((1, ""), (ended.ExitCode, ended.Output));
        Assert.EndsWith($"See: dotnet Xeno.Portal.dll {arguments[0]} --help", ended.Errors.Trim(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_setting_may_follow_the_command()
    {
        var other = Path.Combine(_folder, "other.db");

        await RunAsync(["migrate", $"--Database:ConnectionString=Data Source={other}"]);

        Assert.Equal([other], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task The_help_lists_the_commands()
    {
        var ended = await RunAsync(["--help"]);

        Assert.Equal(0, ended.ExitCode);
        Assert.All(
            ["migrate", "backup", "move-database"],
            command => Assert.Contains($"  {command}", ended.Output, StringComparison.Ordinal));
    }

    private Task<PortalProgram.Ended> RunAsync(string[] arguments, params (string, string)[] settings)
        => PortalProgram.RunAsync(arguments, [("Database__ConnectionString", Database), .. settings]);

    private object? Ask(string sql)
    {
        using var connection = new SqliteConnection(Database);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
