using Microsoft.Extensions.Hosting;

namespace Xeno.Portal.Data;

/// <summary>
/// The folder of the <c>appsettings.json</c> in use: the top of the repository when the portal runs from a build of a checkout, the
/// published folder otherwise. A relative path in a setting starts here, not at the working directory.
/// </summary>
public static class SettingsFolder
{
    private const string SolutionFile = "Xeno.Portal.sln";

    /// <summary>The settings folder of a program whose content root is <paramref name="programFolder"/>.</summary>
    public static string For(string programFolder)
    {
        // A build is in <top>/<project>/bin/<configuration>/<framework>; a published folder has no solution that far above it.
        for (var folder = new DirectoryInfo(programFolder); folder is not null; folder = folder.Parent)
            if (folder.Name == "bin" && folder.Parent?.Parent is { } top && File.Exists(Path.Combine(top.FullName, SolutionFile)))
                return top.FullName;

        return programFolder;
    }

    /// <summary>The settings folder of the running host.</summary>
    public static string For(IHostEnvironment environment) => For(environment.ContentRootPath);
}
