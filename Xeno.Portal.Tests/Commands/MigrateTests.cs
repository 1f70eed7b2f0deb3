using Microsoft.Data.Sqlite;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Commands;

/// <summary>The command <c>migrate</c>, and starts on a database that is not as this build wants it.</summary>
[Trait("Category", "Operations")]
public sealed class MigrateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xeno-migrate-").FullName;

    private string Database => $"Data Source={Path.Combine(_folder, "portal.db")};Pooling=false";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_brings_a_database_to_this_builds_model_and_says_what_it_did()
    {
        var first = await RunAsync(["migrate"]);
        var second = await RunAsync(["migrate"]);

        Assert.Equal((0, ""), (first.ExitCode, first.Complained));
        Assert.Contains("Applied: ", first.Said, StringComparison.Ordinal);
        Assert.Contains("LimitsAndPruning", first.Said, StringComparison.Ordinal);
        Assert.Equal(0, second.ExitCode);
        Assert.Contains("nothing to do", second.Said, StringComparison.Ordinal);
        Assert.Equal(0L, Ask("""SELECT count(*) FROM "Accounts" """));
    }

    [Fact]
    public async Task A_start_that_must_not_migrate_is_refused_until_the_command_ran()
    {
        (string, string) byHand = ("Database__MigrateOnStart", "false");

        (await RunAsync([], byHand)).ShouldBeRefused("The database is older than this program");
        Assert.Contains("dotnet Xeno.Portal.dll migrate", (await RunAsync([], byHand)).Complained, StringComparison.Ordinal);

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
    [InlineData("Sqlite", "Data Source=/proc/self/portal.db")]
    [InlineData("PostgreSql", "Host=127.0.0.1;Port=1;Username=xeno;Password=not-to-be-told;Database=xeno")]
    public async Task A_database_out_of_reach_is_told_in_one_sentence(string provider, string connectionString)
    {
        foreach (string[] arguments in (string[][])[[], ["migrate"]])
        {
            var ended = await RunAsync(arguments, ("Database__Provider", provider), ("Database__ConnectionString", connectionString));

            ended.ShouldBeRefused("The database cannot be reached, see Database:ConnectionString: ");
            Assert.DoesNotContain("not-to-be-told", ended.Complained + ended.Said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_told_in_one_sentence()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "portal.db"), string.Join(' ', Enumerable.Repeat("not a database", 1000)));

        (await RunAsync([])).ShouldBeRefused("The database cannot be reached, see Database:ConnectionString: SQLite Error 26");
    }

    [Theory]
    [InlineData("migrate", "now")]
    [InlineData("migrate", "--to=x")]
    [InlineData("backup")]
    public async Task A_slip_of_the_pen_is_told_and_nothing_done(params string[] arguments)
    {
        var ended = await RunAsync(arguments);

        Assert.Equal((1, ""), (ended.ExitCode, ended.Said));
        Assert.EndsWith($"See: dotnet Xeno.Portal.dll {arguments[0]} --help", ended.Complained.Trim(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_setting_may_stand_behind_the_command()
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
        Assert.All(["migrate", "backup", "move-database"], command => Assert.Contains($"  {command}", ended.Said, StringComparison.Ordinal));
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
