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

    private readonly Process _machine;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    private SystemdNode(Process machine, int port)
    {
        (_machine, Origin) = (machine, $"http://127.0.0.1:{port}");
        machine.OutputDataReceived += Read;
        machine.ErrorDataReceived += Read;
        machine.BeginOutputReadLine();
        machine.BeginErrorReadLine();
    }

    /// <summary>
    /// Whether this machine lets this user make the namespaces that systemd needs. A container may forbid it even to root.
    /// </summary>
    public static bool CanStart { get; } = Environment.IsPrivilegedProcess
        && Run("unshare", "--pid", "--fork", "--mount", "--ipc", "--uts", "--cgroup", "mount", "-t", "tmpfs", "tmpfs", "/mnt") is (0, _);

    public string Origin { get; }

    /// <summary>The node's process as the kernel of this machine shows it: <c>/proc/PID</c>.</summary>
    public string ProcessFolder { get; private set; } = "";

    /// <summary>Starts it on SQLite in the folder that the unit gives it, and waits until it listens.</summary>
    /// <param name="folder">An empty folder for what it needs; to be deleted after the node.</param>
    public static async Task<SystemdNode> StartAsync(string folder, CancellationToken cancellationToken)
    {
        Publish(Path.Combine(folder, "portal"));
        await File.WriteAllTextAsync(Path.Combine(folder, "portal.env"), """
            Database__Provider=Sqlite
            Database__ConnectionString=Data Source=/var/lib/xeno-portal/portal.db

            """, cancellationToken);

        var port = FreePort.Take();
        var node = new SystemdNode(Process.Start(new ProcessStartInfo(
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

    /// <summary>
    /// Publishes what was built for this test run. A build of the other configuration since then has left its own restore.
    /// </summary>
    private static void Publish(string folder)
    {
        var project = Path.Combine(SourceTree.Top, "Xeno.Portal");
        var configuration = new DirectoryInfo(Path.GetDirectoryName(PortalProgram.File)!).Parent!.Name;
        foreach (var arguments in (string[][])
                 [
                     ["restore", project, $"-p:Configuration={configuration}", "--disable-build-servers"],
                     ["publish", project, "--no-build", "--configuration", configuration, "--output", folder, "--disable-build-servers"],
                 ])
        {
            var (exitCode, said) = Run("dotnet", arguments);
            Assert.True(exitCode == 0, said);
        }
    }

    private static (int ExitCode, string Output) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };

        // Of the test run that this process is part of; another build must not read them.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    private void Read(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not null)
            _lines.Writer.TryWrite(line.Data);
    }
}
