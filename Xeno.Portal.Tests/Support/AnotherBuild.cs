using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Xeno.Portal.Tests.Support;

/// <summary>
/// The portal as the next build of it would be: the same program in a folder of its own, with other content in its files and so with
/// other names for them, and with one file more. As in a published folder, all files are in <c>wwwroot</c>; none is compressed.
/// </summary>
public sealed class AnotherBuild : IDisposable
{
    /// <summary>The address of the file that only this build has.</summary>
    public const string NewFile = "/new.js";

    private static readonly string s_shipped = Path.GetDirectoryName(PortalProgram.File)!;

    private readonly string _folder = Directory.CreateTempSubdirectory("xeno-build-").FullName;

    public AnotherBuild()
    {
        foreach (var file in Directory.GetFiles(s_shipped))
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));

        // This one tells where the files of a build are that was not published.
        var places = JsonNode.Parse(File.ReadAllText(Take("Xeno.Portal.staticwebassets.runtime.json")))!;
        var manifest = JsonNode.Parse(File.ReadAllText(Take("Xeno.Portal.staticwebassets.endpoints.json")))!;
        var endpoints = new JsonArray();
        foreach (var endpoint in manifest["Endpoints"]!.AsArray())
        {
            var name = (string)endpoint!["AssetFile"]!;
            if (name.EndsWith(".gz", StringComparison.Ordinal))
                continue;
            var content = Changed(name, File.ReadAllBytes(Find(places, name)));
            Write(name, content);
            endpoints.Add(Renamed(endpoint.DeepClone(), content));
        }

        endpoints.Add(NewEndpoint(endpoints));
        manifest["Endpoints"] = endpoints;
        File.WriteAllText(Path.Combine(_folder, "Xeno.Portal.staticwebassets.endpoints.json"), manifest.ToJsonString());
    }

    /// <summary>The addresses of the same files in the build that is tested and in this one, where they change with the content.</summary>
    public List<(string Before, string After)> Names { get; } = [];

    /// <summary>The program.</summary>
    public string Program => Path.Combine(_folder, "Xeno.Portal.dll");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Take(string name)
    {
        File.Delete(Path.Combine(_folder, name));
        return Path.Combine(s_shipped, name);
    }

    private static string Find(JsonNode places, string name)
    {
        var node = places["Root"]!;
        foreach (var part in name.Split('/'))
            node = node["Children"]![part]!;
        return Path.Combine((string)places["ContentRoots"]![(int)node["Asset"]!["ContentRootIndex"]!]!, (string)node["Asset"]!["SubPath"]!);
    }

    private static byte[] Changed(string name, byte[] content) => Path.GetExtension(name) switch
    {
        ".css" or ".js" => [.. content, .. "\n/* the next build */"u8],
        ".svg" => [.. content, .. "<!-- the next build -->"u8],
        _ => content,
    };

    private void Write(string name, byte[] content)
    {
        var file = Path.Combine(_folder, "wwwroot", name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, content);
    }

    private JsonNode Renamed(JsonNode endpoint, byte[] content)
    {
        var hash = Convert.ToBase64String(SHA256.HashData(content));
        foreach (var header in endpoint["ResponseHeaders"]!.AsArray())
            header!["Value"] = (string)header["Name"]! switch
            {
                "Content-Length" => $"{content.Length}",
                "ETag" => $"\"{hash}\"",
                _ => (string)header["Value"]!,
            };

        foreach (var property in endpoint["EndpointProperties"]!.AsArray())
            if ((string)property!["Name"]! == "integrity")
                property["Value"] = $"sha256-{hash}";
            else if ((string)property["Name"]! == "fingerprint")
            {
                var before = (string)property["Value"]!;
                var after = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(before + hash)))[..before.Length];
                property["Value"] = after;
                var address = (string)endpoint["Route"]!;
                endpoint["Route"] = address.Replace(before, after, StringComparison.Ordinal);
                Names.Add(($"/{address}", $"/{(string)endpoint["Route"]!}"));
            }

        return endpoint;
    }

    private JsonNode NewEndpoint(JsonArray endpoints)
    {
        var content = "/* new */"u8.ToArray();
        Write(NewFile[1..], content);
        var endpoint = endpoints.First(other => (string)other!["Route"]! == "portal.js")!.DeepClone();
        (endpoint["Route"], endpoint["AssetFile"]) = (NewFile[1..], NewFile[1..]);
        return Renamed(endpoint, content);
    }
}
