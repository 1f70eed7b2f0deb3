using System.Runtime.Versioning;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Operations;

/// <summary>Which users of the machine may open the portal's files. <see cref="PortalProgram"/> runs with an umask of 000.</summary>
[Trait("Category", "Operations")]
[UnsupportedOSPlatform("windows")]
public sealed class PrivateFilesTests : IDisposable
{
    private const UnixFileMode ForOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode ForAll = ForOwner
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
    private const UnixFileMode FolderForOwner = ForOwner | UnixFileMode.UserExecute;
    private const UnixFileMode FolderForAll = ForAll | FolderForOwner | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly string _folder = Directory.CreateTempSubdirectory("xeno-private-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Database_files_and_their_folders_are_the_owners_alone_from_the_first_start()
    {
        var database = Path.Combine(_folder, "data", "portal", "portal.db");
        await using var portal = await StartAsync(database);

        Assert.Equal(
            [(database, ForOwner), (database + "-shm", ForOwner), (database + "-wal", ForOwner)],
            Directory.GetFiles(Path.GetDirectoryName(database)!).Order().Select(file => (file, File.GetUnixFileMode(file))));
        Assert.Equal(FolderForOwner, File.GetUnixFileMode(Path.Combine(_folder, "data", "portal")));
        Assert.Equal(FolderForOwner, File.GetUnixFileMode(Path.Combine(_folder, "data")));
        Assert.DoesNotContain(portal.Lines, line => line.Contains("Other users of this machine", StringComparison.Ordinal));
    }

    /// <summary>A portal of an earlier version made its file by the umask. After a kill the companions are there too.</summary>
    [Fact]
    public async Task Existing_database_files_are_closed_to_others_and_an_existing_folder_stays_as_it_is()
    {
        var database = Path.Combine(_folder, "portal.db");
        await using (var earlier = await StartAsync(database))
            await earlier.KillAsync();
        string[] files = [database, database + "-shm", database + "-wal"];
        Assert.Equal(files, Directory.GetFiles(_folder).Order());
        foreach (var file in files)
            File.SetUnixFileMode(file, ForAll);
        File.SetUnixFileMode(_folder, FolderForAll);

        await using var portal = await StartAsync(database);

        Assert.All(files, file => Assert.Equal(ForOwner, File.GetUnixFileMode(file)));
        Assert.Equal(FolderForAll, File.GetUnixFileMode(_folder));
        Assert.All(files, file => Assert.Single(
            portal.Lines, line => line.Contains($"Other users of this machine had rights to {file}, ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_linked_database_is_made_where_the_link_leads()
    {
        var (link, real) = (Path.Combine(_folder, "portal.db"), Path.Combine(_folder, "disk", "real.db"));
        Directory.CreateDirectory(Path.GetDirectoryName(real)!);
        File.CreateSymbolicLink(link, real);

        await using var portal = await StartAsync(link);

        Assert.All([real, real + "-shm", real + "-wal"], file => Assert.Equal(ForOwner, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_created_ends_the_start_with_one_sentence()
    {
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        (await PortalProgram.RunAsync([], ("Database:ConnectionString", $"Data Source={Path.Combine(file, "data", "portal.db")}")))
            .ShouldBeRefused($"{Path.Combine(file, "data")}, where Database:ConnectionString has the database, cannot be written: ");
    }

    private static Task<PortalProcess> StartAsync(string database)
        => PortalProcess.StartAsync([KeyValuePair.Create("Database:ConnectionString", (string?)$"Data Source={database}")]);
}
