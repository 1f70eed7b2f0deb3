using System.Diagnostics;

namespace Xeno.Portal.Tests.Support;

/// <summary>
/// The program as an operator runs it, with settings in its environment, for runs that end by themselves. <see cref="PortalProcess"/> is a
/// portal that serves.
/// </summary>
public static class PortalProgram
{
    /// <summary>The program in its own build output, not the copy in the output of the tests.</summary>
    public static string File { get; } = Path.Combine(
        SourceTree.Top, "Xeno.Portal",
        Path.GetRelativePath(Path.Combine(SourceTree.Top, "Xeno.Portal.Tests"), AppContext.BaseDirectory), "Xeno.Portal.dll");

    /// <summary>
    /// Starts it in Production, where nothing is seeded, and with an umask that takes no rights away: what only its owner may open then,
    /// the portal itself keeps private.
    /// </summary>
    public static Process Start(IEnumerable<string> arguments, params IEnumerable<(string Key, string? Value)> settings)
        => Start("dotnet", File, arguments, settings);

    /// <summary>The same without arguments, for a program that may be another build.</summary>
    public static Process Serve(string file, params IEnumerable<(string Key, string? Value)> settings)
        => Start("dotnet", file, [], settings);

    private static Process Start(
        string program, string file, IEnumerable<string> arguments, IEnumerable<(string Key, string? Value)> settings)
    {
        var start = new ProcessStartInfo("sh", ["-c", $"""umask 000; exec {program} "$@" """, "sh", file, .. arguments])
        {
            RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment.Remove("ASPNETCORE_URLS");
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        foreach (var (key, value) in settings)
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        return Process.Start(start)!;
    }

    /// <summary>Runs it until it ends. A program that starts to serve instead is killed after one minute.</summary>
    public static Task<Ended> RunAsync(IEnumerable<string> arguments, params IEnumerable<(string Key, string? Value)> settings)
        => RunAsync("dotnet", arguments, settings);

    /// <summary>The same for a user to whom the modes of files and folders apply, also where the tests run as root.</summary>
    public static Task<Ended> RunWithoutPrivilegesAsync(
        IEnumerable<string> arguments, params IEnumerable<(string Key, string? Value)> settings)
        => RunAsync(
            Environment.IsPrivilegedProcess ? "setpriv --inh-caps=-all --bounding-set=-all dotnet" : "dotnet", arguments, settings);

    private static async Task<Ended> RunAsync(
        string program, IEnumerable<string> arguments, IEnumerable<(string Key, string? Value)> settings)
    {
        using var process = Start(program, File, arguments, settings);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await using (patience.Token.Register(process.Kill))
            await process.WaitForExitAsync();
        return new Ended(process.ExitCode, await output, await errors);
    }

    /// <summary>The exit code and the output.</summary>
    public sealed record Ended(int ExitCode, string Output, string Errors)
    {
        /// <summary>
        /// Asserts a refusal: exit code 1 and one line that begins with <paramref name="sentence"/>, without a stack trace anywhere.
        /// </summary>
        public void ShouldBeRefused(string sentence)
        {
            Assert.StartsWith(sentence, Errors, StringComparison.Ordinal);
            Assert.Single(Errors.Trim().Split('\n'));
            Assert.DoesNotContain("   at ", Output, StringComparison.Ordinal);
            Assert.Equal(1, ExitCode);
        }
    }
}
