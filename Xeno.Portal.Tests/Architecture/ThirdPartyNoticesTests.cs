using System.Text.Json;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Architecture;

/// <summary>Every package that is shipped with the portal is in docs/THIRD-PARTY-NOTICES.md, with its version, and no other is.</summary>
[Trait("Category", "Fast")]
public sealed class ThirdPartyNoticesTests
{
    private static readonly string[] s_shippedParts = ["runtime", "native", "runtimeTargets", "resources"];

    [Fact]
    public void The_notices_list_the_packages_that_are_shipped()
        => Assert.Equal(Shipped().Order(StringComparer.OrdinalIgnoreCase), Listed().Order(StringComparer.OrdinalIgnoreCase));

    /// <summary>Name and version of each package of the portal's build that puts a file beside it.</summary>
    private static IEnumerable<string> Shipped()
    {
        var portal = typeof(PortalUrls).Assembly.Location;
        using var dependencies = JsonDocument.Parse(File.ReadAllBytes(Path.ChangeExtension(portal, ".deps.json")));
        var types = dependencies.RootElement.GetProperty("libraries");
        var target = dependencies.RootElement.GetProperty("targets").EnumerateObject()
            .First(target => target.Value.EnumerateObject().Any());
        return [.. from package in target.Value.EnumerateObject()
            where types.GetProperty(package.Name).GetProperty("type").GetString() == "package"
            where s_shippedParts.Any(part => package.Value.TryGetProperty(part, out var files) && files.EnumerateObject().Any())
            select package.Name.Replace('/', ' ')];
    }

    private static IEnumerable<string> Listed()
        => from line in File.ReadLines(Path.Combine(SourceTree.Top, "docs", "THIRD-PARTY-NOTICES.md"))
            where line.EndsWith("> |", StringComparison.Ordinal)
            let cells = line.Split(" | ")
            select $"{cells[0].TrimStart('|', ' ')} {cells[1]}";
}
