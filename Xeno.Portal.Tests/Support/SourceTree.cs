namespace Xeno.Portal.Tests.Support;

/// <summary>The sources of this checkout, for tests that read them.</summary>
public static class SourceTree
{
    /// <summary>The folder with the solution.</summary>
    public static string Top { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Xeno.Portal.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("These tests run from a checkout.");
        return folder.FullName;
    }
}
