using System.Net;
using Npgsql;
using Xeno.Portal.Tests.Support;
using static Xeno.Portal.Tests.Support.GivenApps;

namespace Xeno.Portal.Tests.Commands;

/// <summary>The command <c>backup</c>, and the starts on what it wrote.</summary>
[Trait("Category", "Operations")]
public sealed class BackupTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xeno-backup-").FullName;

    private string Copy => Path.Combine(_folder, "copy.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_portal_starts_on_a_backup_made_while_another_one_writes()
    {
        await using var portal = new PortalFactory();
        var account = await portal.AccountAsync();
        var rp = new RelyingParty(portal, await portal.AppAsync(account, Callback));
        var browser = await portal.BrowserOfAsync(account);
        var before = await rp.InstallAsync(browser);

        using var stop = new CancellationTokenSource();
        var written = 0;
        var writer = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await rp.InstallAsync(browser); // Asserts that the portal still writes.
                written++;
            }
        });
        var ended = await BackUpAsync(portal);
        await stop.CancelAsync();
        await writer;

        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        Assert.StartsWith($"The backup is in {Copy}: ", ended.Output, StringComparison.Ordinal);
        Assert.True(written > 0);
        Assert.Equal([Copy], Directory.GetFiles(_folder));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Copy));

        await using var restored = new PortalFactory { Settings = { ["Database:ConnectionString"] = $"Data Source={Copy}" } };
        await ShouldKnowAsync(restored, rp.App, before, browser);
    }

    [Fact]
    public async Task An_existing_file_is_never_overwritten()
    {
        await using var portal = new PortalFactory();
        await portal.AccountAsync();
        await File.WriteAllTextAsync(Copy, "somebody's");

        (await BackUpAsync(portal)).ShouldBeRefused($"{Copy} is there already");

        Assert.Equal("somebody's", await File.ReadAllTextAsync(Copy));
        Assert.Equal([Copy], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Without_a_database_no_file_is_made()
    {
        var nothing = Path.Combine(_folder, "nothing.db");

        (await PortalProgram.RunAsync(["backup", "--to", Copy], ("Database__ConnectionString", $"Data Source={nothing}")))
            .ShouldBeRefused("The backup failed");

        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_missing_folder_is_reported()
        => (await PortalProgram.RunAsync(
                ["backup", "--to", Path.Combine(_folder, "a", "b.db")], ("Database__ConnectionString", $"Data Source={Copy}")))
            .ShouldBeRefused($"The folder {Path.Combine(_folder, "a")} is not there");

    private Task<PortalProgram.Ended> BackUpAsync(PortalFactory portal)
        => PortalProgram.RunAsync(["backup", "--to", Copy], ("Database__ConnectionString", $"Data Source={portal.DatabaseFile}"));

    /// <summary>Asserts that a portal accepts a token and a session cookie of another one.</summary>
    internal static async Task ShouldKnowAsync(PortalFactory portal, GivenApp app, string token, HttpClient browser)
    {
        var rp = new RelyingParty(portal, app);
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(token)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await rp.CallAsync(new string('0', 64))).Status);

        Assert.Equal(HttpStatusCode.OK, (await portal.CopyOf(browser).GetAsync("/apps")).StatusCode);
    }

    /// <summary>The same with the tools of PostgreSQL, as the command prints them.</summary>
    [Trait("Category", "Operations")]
    public sealed class OnPostgreSql(PostgreSqlPortal portal, PostgreSqlCluster cluster) : IClassFixture<PostgreSqlPortal>
    {
        [Theory]
        [InlineData(false)]
        [InlineData(true)]
        public async Task The_printed_commands_make_a_dump_that_can_be_restored(bool hasSeveralServers)
        {
            var database = new NpgsqlConnectionStringBuilder(portal.Settings["Database:ConnectionString"]!);
            if (hasSeveralServers)
                database.Host = $"{database.Host}:{FreePort.Take()},{database.Host}:{database.Port}"; // The first one is gone.
            var account = await portal.AccountAsync();
            var rp = new RelyingParty(portal, await portal.AppAsync(account, Callback));
            var browser = await portal.BrowserOfAsync(account);
            var token = await rp.InstallAsync(browser);
            var folder = Directory.CreateTempSubdirectory("xeno-dump-").FullName;
            try
            {
                var dump = Path.Combine(folder, "xeno.dump");
                var ended = await PortalProgram.RunAsync(["backup", "--to", dump],
                    ("Database__Provider", "PostgreSql"), ("Database__ConnectionString", database.ConnectionString));
                ended.ShouldBeRefused("PostgreSQL is backed up by its own tool, after \"umask 077\": pg_dump ");

                var printed = ended.Errors.Trim().Split(": ", 2)[1].Split(' ');
                await PostgreSqlCluster.RunToolAsync(printed[0], printed[1..]);
                var blank = await cluster.BlankDatabaseAsync();
                var to = new NpgsqlConnectionStringBuilder(blank);
                await PostgreSqlCluster.RunToolAsync(
                    "pg_restore", "--exit-on-error", "--no-owner", $"--host={to.Host}", $"--port={to.Port}", $"--username={to.Username}",
                    $"--dbname={to.Database}", dump);

                await using var restored = new PortalFactory
                {
                    Settings = { ["Database:Provider"] = "PostgreSql", ["Database:ConnectionString"] = blank },
                };
                await ShouldKnowAsync(restored, rp.App, token, browser);
                Assert.DoesNotContain("Migrating the database", restored.Log.Text, StringComparison.Ordinal);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
