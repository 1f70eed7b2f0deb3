using Microsoft.Extensions.Hosting;

namespace Xeno.Portal.Data;

/// <summary>
/// Where the <c>appsettings.json</c> in force stands: the top of the repository when the portal runs from a build of a checkout, the
/// published folder otherwise. The embedded database lives beside it, whatever the working directory.
/// </summary>
public static class SettingsFolder
{
    private const string SolutionFile = "Xeno.Portal.sln";

    /// <summary>The folder for a program that stands in <paramref name="programFolder"/> (its content root).</summary>
    public static string For(string programFolder)
    {
        // A build lands in <top>/<project>/bin/<configuration>/<framework>; nothing else has the solution that far above it.
        for (var folder = new DirectoryInfo(programFolder); folder is not null; folder = folder.Parent)
            if (folder.Name == "bin" && folder.Parent?.Parent is { } top && File.Exists(Path.Combine(top.FullName, SolutionFile)))
                return top.FullName;

        return programFolder;
    }

    /// <summary>The folder for the running host.</summary>
    public static string For(IHostEnvironment environment) => For(environment.ContentRootPath);
}
