using System.Diagnostics;
using System.Net;
using System.Runtime.Versioning;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Operations;

/// <summary>The unit for systemd, <c>deploy/systemd/xeno-portal@.service</c>, judged and started by systemd itself.</summary>
[Trait("Category", "Operations")]
[UnsupportedOSPlatform("windows")]
public sealed class SystemdTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xeno-unit-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Systemd_understands_every_line()
    {
        // The program need not be installed on this machine.
        var unit = await UnitAsync(text => text.Replace("/usr/bin/dotnet", "/bin/true", StringComparison.Ordinal));

        var said = await AnalyzeAsync("verify", unit);

        Assert.DoesNotContain(Path.GetFileName(unit), said.Output, StringComparison.Ordinal);
        Assert.Equal(0, said.ExitCode);
    }

    /// <summary>From 0, nothing left to take away, to 10. A unit without a sandbox has 9.6; this one had 6.9 before.</summary>
    [Fact]
    public async Task Systemd_rates_the_exposure_as_low()
    {
        var unit = await UnitAsync(text => text);

        var said = await AnalyzeAsync("security", "--offline=true", "--threshold=15", "--no-pager", unit);

        Assert.Contains("Overall exposure level", said.Output, StringComparison.Ordinal);
        Assert.True(said.ExitCode == 0, said.Output);
    }

    [Fact]
    public async Task The_node_starts_and_serves_with_no_more_rights_than_the_unit_gives_it()
    {
        Assert.SkipUnless(SystemdNode.CanStart, "This machine does not let this user make the namespaces that systemd needs.");
        var cancelled = TestContext.Current.CancellationToken;
        await using var node = await SystemdNode.StartAsync(_folder, cancelled);
        using var http = new HttpClient { BaseAddress = new Uri(node.Origin) };

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/ready", cancelled)).StatusCode);
        Assert.Contains("__RequestVerificationToken", await http.GetStringAsync("/account/login", cancelled), StringComparison.Ordinal);

        var status = await File.ReadAllTextAsync($"{node.ProcessFolder}/status", cancelled);
        foreach (var line in new[]
                 {
                     "Umask:\t0077", "NoNewPrivs:\t1", "Seccomp:\t2", "Uid:\t991\t991\t991\t991", "CapBnd:\t0000000000000000",
                     "CapEff:\t0000000000000000",
                 })
            Assert.Contains($"\n{line}\n", status, StringComparison.Ordinal);
        var data = $"{node.ProcessFolder}/root/var/lib/xeno-portal";
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(data));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode($"{data}/portal.db"));
    }

    /// <summary>A copy of the unit for one port, as an operator enables it.</summary>
    private async Task<string> UnitAsync(Func<string, string> change)
    {
        var unit = Path.Combine(_folder, "xeno-portal@5081.service");
        await File.WriteAllTextAsync(unit, change(await File.ReadAllTextAsync(NodeUnit.File)));
        return unit;
    }

    private static async Task<(int ExitCode, string Output)> AnalyzeAsync(params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo("systemd-analyze", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }
}
