using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Architecture;

/// <summary>
/// A line of C# or Razor has at most 140 characters. The build checks C# code (RCS0056 in .editorconfig), but its analyzer skips comments,
/// raw strings and Razor files.
/// </summary>
[Trait("Category", "Fast")]
public sealed class LineLengthTests
{
    private const int Longest = 140;

    private static readonly string[] s_folders = ["Data", "Xeno.Portal", "Xeno.Portal.Tests", "bench"];
    private static readonly string[] s_generated = ["bin", "obj", "Migrations"];

    [Fact]
    public void No_line_is_too_long()
    {
        var tooLong = (
            from folder in s_folders
            from file in Directory.GetFiles(Path.Combine(SourceTree.Top, folder), "*", SearchOption.AllDirectories)
            where Path.GetExtension(file) is ".cs" or ".razor" && !file.Split(Path.DirectorySeparatorChar).Any(s_generated.Contains)
            from line in File.ReadLines(file).Index()
            where line.Item.Length > Longest
            select $"{Path.GetRelativePath(SourceTree.Top, file)}:{line.Index + 1} has {line.Item.Length} characters").ToList();

        Assert.True(tooLong.Count == 0, string.Join('\n', tooLong));
    }
}
