using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Architecture;

/// <summary>
/// A line of a Razor file has at most 140 characters. The build holds the same rule for C# (RCS0056 in .editorconfig), but its analyzer does
/// not see Razor files.
/// </summary>
public sealed class LineLengthTests
{
    private const int Longest = 140;

    private static readonly string[] s_rooms = ["Docs"];

    [Fact]
    public void No_line_of_a_Razor_file_is_too_long()
    {
        var tooLong =
            from room in s_rooms
            from file in Directory.GetFiles(Path.Combine(SourceTree.Top, "Xeno.Portal", room), "*.razor", SearchOption.AllDirectories)
            from line in File.ReadLines(file).Index()
            where line.Item.Length > Longest
            select $"{Path.GetRelativePath(SourceTree.Top, file)}:{line.Index + 1} has {line.Item.Length} characters";

        Assert.Empty(tooLong);
    }
}
