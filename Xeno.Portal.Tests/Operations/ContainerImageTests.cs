using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Operations;

/// <summary>
/// The image as the SDK makes it, on an empty base image from a registry of this machine: the one of Microsoft's image may be out of reach.
/// </summary>
[Trait("Category", "Operations")]
public sealed class ContainerImageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xeno-image-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_folder_of_the_database_is_in_the_image_and_belongs_to_its_user()
    {
        await using var registry = await StartRegistryAsync();
        var archive = Path.Combine(_folder, "image.tar");

        await PublishAsync(new Uri(registry.Urls.Single()).Authority, archive);

        var (config, entries) = await ReadAsync(archive);
        var user = (string)config["config"]!["User"]!;
        var database = config["config"]!["Env"]!.AsArray().Select(variable => (string)variable!)
            .Single(variable => variable.StartsWith("Database__ConnectionString=", StringComparison.Ordinal)).Split("Data Source=")[1];
        var data = Assert.Single(entries, entry => $"/{entry.Name.TrimEnd('/')}" == Path.GetDirectoryName(database));
        Assert.Equal((TarEntryType.Directory, user), (data.EntryType, $"{data.Uid}"));
        Assert.True(data.Mode.HasFlag(UnixFileMode.UserWrite | UnixFileMode.UserExecute));

        // The command of the docs mounts its volume there.
        var docs = await File.ReadAllTextAsync(
            Path.Combine(SourceTree.Top, "docs", "operations.md"), TestContext.Current.CancellationToken);
        Assert.Contains($"docker run -p 8080:8080 -v xeno-data:{Path.GetDirectoryName(database)} ", docs, StringComparison.Ordinal);
    }

    private async Task PublishAsync(string registry, string archive)
    {
        var configuration = PortalProgram.File.Split(Path.DirectorySeparatorChar)[^3];
        var start = new ProcessStartInfo("dotnet",
        [
            "publish", Path.Combine(SourceTree.Top, "Xeno.Portal"), "--no-build", "-c", configuration, "-t:PublishContainer",
            $"-p:PublishDir={Path.Combine(_folder, "publish")}/", $"-p:ContainerBaseImage={registry}/base:1",
            $"-p:ContainerArchiveOutputPath={archive}", "-nodeReuse:false",
        ])
        {
            RedirectStandardOutput = true, Environment = { ["DOTNET_CONTAINER_INSECURE_REGISTRIES"] = registry },
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output);
    }

    /// <summary>The image's configuration, and the entries of all its layers.</summary>
    private static async Task<(JsonNode Config, List<TarEntry> Entries)> ReadAsync(string archive)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        await using (var stream = File.OpenRead(archive))
            foreach (var entry in EntriesOf(stream))
                files[entry.Name] = await ContentAsync(entry);

        var manifest = JsonNode.Parse(files["manifest.json"])![0]!;
        var entries = new List<TarEntry>();
        foreach (var layer in manifest["Layers"]!.AsArray())
        {
            await using var stream = new GZipStream(new MemoryStream(files[(string)layer!]), CompressionMode.Decompress);
            entries.AddRange(EntriesOf(stream));
        }

        return (JsonNode.Parse(files[(string)manifest["Config"]!])!, entries);
    }

    private static IEnumerable<TarEntry> EntriesOf(Stream stream)
    {
        using var reader = new TarReader(stream);
        while (reader.GetNextEntry(copyData: true) is { } entry)
            yield return entry;
    }

    private static async Task<byte[]> ContentAsync(TarEntry entry)
    {
        using var content = new MemoryStream();
        if (entry.DataStream is not null)
            await entry.DataStream.CopyToAsync(content, TestContext.Current.CancellationToken);
        return content.ToArray();
    }

    private static async Task<WebApplication> StartRegistryAsync()
    {
        var (layer, hash) = EmptyLayer();
        var config = Encoding.UTF8.GetBytes(
            $$"""{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["{{hash}}"]} }""");
        const string type = "application/vnd.docker.distribution.manifest.v2+json";
        var manifest = Encoding.UTF8.GetBytes($$"""
            {"schemaVersion":2,"mediaType":"{{type}}",
             "config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":{{config.Length}},"digest":"{{Digest(config)}}"},
             "layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":{{layer.Length}},
                        "digest":"{{Digest(layer)}}"}]}
            """);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var registry = builder.Build();
        registry.Urls.Add("http://127.0.0.1:0");
        registry.MapGet("/v2/", () => Results.Ok());
        registry.MapMethods("/v2/base/manifests/{reference}", ["GET", "HEAD"], (HttpContext context) =>
        {
            context.Response.Headers["Docker-Content-Digest"] = Digest(manifest);
            return Results.Bytes(manifest, type);
        });
        registry.MapGet(
            "/v2/base/blobs/{digest}", (string digest) => Results.Bytes(digest == Digest(layer) ? layer : config));
        await registry.StartAsync(TestContext.Current.CancellationToken);
        return registry;
    }

    private static (byte[] Layer, string Hash) EmptyLayer()
    {
        using var plain = new MemoryStream();
        using (var writer = new TarWriter(plain, TarEntryFormat.Pax, leaveOpen: true))
            writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "etc"));
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
            stream.Write(plain.ToArray());
        return (packed.ToArray(), Digest(plain.ToArray()));
    }

    private static string Digest(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";
}
