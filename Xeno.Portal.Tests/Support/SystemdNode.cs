using System.Diagnostics;
using System.Threading.Channels;

namespace Xeno.Portal.Tests.Support;

/// <summary>
/// A node that the real systemd has started from <c>deploy/systemd/xeno-portal@.service</c>, with the portal published as the docs say
/// (<c>systemd.sh</c> beside this file).
/// </summary>
internal sealed class SystemdNode : IAsyncDisposable
{
    private const string Program = "/opt/xeno-portal/Xeno.Portal.dll";

    private readonly string _folder;
    private readonly Process _machine;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    private SystemdNode(string folder, Process machine, int port)
    {
        (_folder, _machine, Origin) = (folder, machine, $"http://127.0.0.1:{port}");
        machine.OutputDataReceived += Read;
        machine.ErrorDataReceived += Read;
        machine.BeginOutputReadLine();
        machine.BeginErrorReadLine();
    }

    /// <summary>
    /// Whether this machine lets this user make the namespaces that systemd needs. A container may forbid it even to root.
    /// </summary>
    public static bool CanStart { get; } = Environment.IsPrivilegedProcess
        && Run("unshare", "--pid", "--fork", "--mount", "--ipc", "--uts", "--cgroup", "mount", "-t", "tmpfs", "tmpfs", "/mnt") == 0;

    public string Origin { get; }

    /// <summary>The node's process as the kernel of this machine shows it: <c>/proc/PID</c>.</summary>
    public string ProcessFolder { get; private set; } = "";

    /// <summary>Starts it on SQLite in the folder that the unit gives it, and waits until it listens.</summary>
    public static async Task<SystemdNode> StartAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("xeno-systemd-").FullName;
        var configuration = new DirectoryInfo(Path.GetDirectoryName(PortalProgram.File)!).Parent!.Name;
        Assert.Equal(0, Run(
            "dotnet", "publish", Path.Combine(SourceTree.Top, "Xeno.Portal"), "--no-build", "--configuration", configuration,
            "--output", Path.Combine(folder, "portal"), "--disable-build-servers"));
        await File.WriteAllTextAsync(Path.Combine(folder, "portal.env"), """
            Database__Provider=Sqlite
            Database__ConnectionString=Data Source=/var/lib/xeno-portal/portal.db

            """, cancellationToken);

        var port = FreePort.Take();
        var node = new SystemdNode(folder, Process.Start(new ProcessStartInfo(
            Path.Combine(SourceTree.Top, "Xeno.Portal.Tests", "Support", "systemd.sh"), [folder, NodeUnit.File, $"{port}"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!, port);
        try
        {
            await node.UntilItListensAsync(cancellationToken);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Run("kill", "-TERM", $"{_machine.Id}");
        await _machine.WaitForExitAsync();
        _machine.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task UntilItListensAsync(CancellationToken cancellationToken)
    {
        var said = new List<string>();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        await foreach (var line in _lines.Reader.ReadAllAsync(patience.Token))
        {
            said.Add(line);
            Assert.False(line.StartsWith("The node ended", StringComparison.Ordinal), string.Join('\n', said));
            if (line.Contains($"Now listening on: {Origin}", StringComparison.Ordinal))
                break;
        }

        ProcessFolder = Directory.GetDirectories("/proc").Single(IsNode);
    }

    private static bool IsNode(string process)
        => File.Exists($"{process}/cmdline")
           && File.ReadAllText($"{process}/cmdline").EndsWith(Program + "\0", StringComparison.Ordinal);

    private static int Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };

        // Of the test run that this process is part of; another build must not read them.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }

    private void Read(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not null)
            _lines.Writer.TryWrite(line.Data);
    }
}
