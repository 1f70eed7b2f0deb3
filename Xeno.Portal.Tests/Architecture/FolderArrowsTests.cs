using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Xeno.Portal.Data;
using Xeno.Portal.Tests.Support;
using Assembly = System.Reflection.Assembly;

namespace Xeno.Portal.Tests.Architecture;

/// <summary>
/// The table of docs/architecture.md: which folder may use which, and which may touch the protocol engine. Compared with the compiled
/// assemblies, so that aliases, generic arguments and components count too.
/// </summary>
[Trait("Category", "Fast")]
public sealed partial class FolderArrowsTests
{
    private const string Data = "Data";
    private const string Engine = "OpenIddict";

    // The base classes of entities in Data. A query that reads an inherited column refers to them.
    private const string EntityBases = "OpenIddict.EntityFrameworkCore.Models";

    private static readonly Assembly s_portal = typeof(Program).Assembly;

    // What each folder may use besides itself; in the order of the levels.
    private static readonly Dictionary<string, string[]> s_mayUse = ReadTable();

    private static readonly string[] s_touchTheEngine = ["Apps", "OAuth"];

    private static readonly Lazy<IReadOnlyList<IType>> s_types = new(() =>
        [.. new ArchLoader().LoadAssemblies(s_portal, typeof(PortalDbContext).Assembly).Build().Types
            .Where(type => FolderOf(type) is not null)]);

    public static TheoryData<string> Folders => [.. s_mayUse.Keys];

    [Fact]
    public void The_table_names_every_folder_and_no_other()
        => Assert.Equal(
            s_mayUse.Keys.Order(StringComparer.Ordinal),
            s_types.Value.Select(FolderOf).Where(folder => folder is not (null or "")).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void The_table_has_no_cycle()
    {
        var below = new List<string>();
        foreach (var (folder, others) in s_mayUse)
        {
            Assert.Empty(others.Except(below)); // Each row names only rows above it.
            below.Add(folder);
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_uses_only_what_lies_below_it(string folder)
    {
        string[] allowed = ["", folder, .. s_mayUse[folder]];

        var others = UsesOf(folder).Where(use => FolderOf(use.Target) is { } target && !allowed.Contains(target))
            .Select(use => $"{use.By.FullName} uses {use.Target.FullName}").Distinct().ToList();
        Assert.True(others.Count == 0, string.Join('\n', others));
    }

    /// <summary>So that the table says what is true, and each new arrow is a decision.</summary>
    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_uses_all_that_the_table_allows_it(string folder)
        => Assert.Empty(s_mayUse[folder]
            .Except(UsesOf(folder).Select(use => FolderOf(use.Target)))
            .Except(UsingsOf(folder).Select(use => use.Target)));

    [Theory]
    [MemberData(nameof(Folders))]
    public void Only_the_named_folders_touch_the_protocol_engine(string folder)
    {
        var touching = UsesOf(folder)
            .Where(use => use.Target.FullName.StartsWith(Engine, StringComparison.Ordinal)
                && !use.Target.FullName.StartsWith(EntityBases, StringComparison.Ordinal))
            .Select(use => $"{use.By.FullName} uses {use.Target.FullName}").Distinct();

        if (s_touchTheEngine.Contains(folder))
            Assert.NotEmpty(touching);
        else if (folder != Data)
            Assert.Empty(touching);
    }

    [Fact]
    public void The_addresses_depend_on_nothing()
        => Assert.Empty(UsesOf("").Where(use => use.By.Name == nameof(PortalUrls) && FolderOf(use.Target) is not (null or ""))
            .Select(use => use.Target.FullName));

    /// <summary>The assembly holds only the value of a constant, so its origin is read from the <c>using</c> lines of the files.</summary>
    [Theory]
    [MemberData(nameof(Folders))]
    public void A_using_names_only_what_lies_below_it(string folder)
    {
        string[] allowed = [folder, .. s_mayUse[folder]];

        Assert.DoesNotContain(UsingsOf(folder), use => !allowed.Contains(use.Target));
    }

    private static List<(string File, string Target)> UsingsOf(string folder)
    {
        var path = folder == Data ? Path.Combine(SourceTree.Top, Data) : Path.Combine(SourceTree.Top, "Xeno.Portal", folder);
        var files = Directory.GetFiles(path, "*.*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".razor" && !file.Contains("/obj/", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(files);
        return
        [
            .. from file in files
               from Match match in Usings().Matches(File.ReadAllText(file))
               select (Path.GetFileName(file), match.Groups[1].Value),
        ];
    }

    /// <summary>The rows of rooms: the first cell is the room; what the third one names up to its semicolon may be used.</summary>
    private static Dictionary<string, string[]> ReadTable() => ProductTypes.RowsOf("architecture.md")
        .Where(row => row.Length == 3 && Room().IsMatch(row[0]))
        .ToDictionary(
            row => Room().Match(row[0]).Groups[1].Value,
            row => Room().Matches(row[2].Split(';')[0]).Select(match => match.Groups[1].Value).ToArray(), StringComparer.Ordinal);

    private static IEnumerable<(IType By, IType Target)> UsesOf(string folder)
        => from type in s_types.Value
           where FolderOf(type) == folder
           from dependency in type.Dependencies
           from target in dependency.TargetGenericArguments.Select(argument => argument.Type).Prepend(dependency.Target)
           where target is not GenericParameter // The library takes type parameters of one name for the same one.
           select (type, target);

    /// <summary>The folder of a type: empty for the root of the portal, null for a type of a library.</summary>
    private static string? FolderOf(IType type) => type.Namespace?.FullName.Split('.') switch
    {
        ["Xeno", "Portal"] => "",
        ["Xeno", "Portal", var folder, ..] => folder,
        _ => null,
    };

    [GeneratedRegex(@"^\s*@?(?:global )?using (?:static )?(?:\w+ = )?Xeno\.Portal\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex Usings();

    [GeneratedRegex(@"`(\w+)`")]
    private static partial Regex Room();
}
