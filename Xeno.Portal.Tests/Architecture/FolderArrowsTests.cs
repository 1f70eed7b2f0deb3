using System.Text.RegularExpressions;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Architecture;

/// <summary>The arrows of docs/architecture.md: which folder may import which, and which may touch the protocol engine.</summary>
public sealed partial class FolderArrowsTests
{
    private static readonly Dictionary<string, string[]> s_mayImport = new(StringComparer.Ordinal)
    {
        ["Scopes"] = [],
        ["Telemetry"] = [],
        ["Http"] = ["Data", "Telemetry"],
        ["Lifecycle"] = ["Data", "Telemetry"],
        ["Limits"] = ["Data", "Telemetry", "Lifecycle"],
        ["History"] = ["Data", "Lifecycle"],
        ["Grants"] = ["Data", "Telemetry", "Lifecycle"],
        ["Shell"] = ["Data", "Http", "Lifecycle"],
        ["Accounts"] = ["Data", "History", "Shell", "Http", "Limits", "Telemetry", "Lifecycle", "Grants"],
        ["Apps"] = ["Data", "Shell", "Scopes", "Http", "Limits", "Telemetry", "Lifecycle", "Grants"],
        ["OAuth"] = ["Data", "Shell", "Scopes", "Http", "Limits", "Telemetry", "Lifecycle", "Grants"],
        ["Installations"] = ["Data", "Shell", "Scopes", "Http", "Telemetry", "Grants"],
        ["Api"] = ["Data", "Scopes", "Http", "Limits", "Telemetry", "Grants"],
        ["Playground"] = ["Apps", "Data", "Shell", "Scopes", "Http"],
        ["Docs"] = ["Shell", "Scopes"],
        ["Commands"] = ["Data", "Lifecycle"],
    };

    private static readonly string[] s_mayTouchTheEngine = ["OAuth", "Apps"];

    public static TheoryData<string> Folders => [.. s_mayImport.Keys];

    [Fact]
    public void Every_folder_is_in_the_table()
        => Assert.Equal(s_mayImport.Keys.Order(), Directory.GetDirectories(Path.Combine(SourceTree.Top, "Xeno.Portal"))
            .Select(folder => Path.GetFileName(folder)!).Except(["bin", "obj", "wwwroot", "Properties"]).Order());

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_imports_only_what_lies_below_it(string folder)
    {
        var allowed = s_mayImport[folder].Append(folder).ToHashSet(StringComparer.Ordinal);

        var wrong = SourcesOf(folder)
            .SelectMany(file => OurNames().Matches(File.ReadAllText(file)).Select(match => (File: Path.GetFileName(file), Import: match.Groups[1].Value)))
            .Where(import => !allowed.Contains(import.Import)).Distinct().ToList();

        Assert.Empty(wrong);
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Only_the_named_folders_touch_the_protocol_engine(string folder)
    {
        var touching = SourcesOf(folder).Where(file => File.ReadAllText(file).Contains("OpenIddict", StringComparison.Ordinal)).Select(Path.GetFileName);

        if (!s_mayTouchTheEngine.Contains(folder))
            Assert.Empty(touching);
        else
            Assert.NotEmpty(touching);
    }

    [Fact]
    public void The_root_imports_no_feature()
        => Assert.All(OurNames().Matches(File.ReadAllText(Path.Combine(SourceTree.Top, "Xeno.Portal", "_Imports.razor"))).Select(m => m.Groups[1].Value),
            import => Assert.Equal("Shell", import));

    private static IEnumerable<string> SourcesOf(string folder)
        => Directory.GetFiles(Path.Combine(SourceTree.Top, "Xeno.Portal", folder), "*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal));

    [GeneratedRegex(@"\bXeno\.Portal\.([A-Z]\w+)")]
    private static partial Regex OurNames();
}
