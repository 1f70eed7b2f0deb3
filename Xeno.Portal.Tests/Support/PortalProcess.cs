using System.Collections.Concurrent;
using System.Diagnostics;

namespace Xeno.Portal.Tests.Support;

/// <summary>
/// The portal as it is shipped: a process of its own in Production, on a free port and on the database of another one, which makes the accounts
/// and apps for it. What belongs to a whole process, its console or its meters, is seen of this process alone.
/// </summary>
public sealed class PortalProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<string> _origin = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PortalProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.Exited += (_, _) => _origin.TrySetException(new InvalidOperationException($"The portal ended:\n{string.Join('\n', _lines)}"));
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What it has written to its console so far.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>The portal's own output folder, and not the copy beside the tests.</summary>
    public static string Program { get; } = Path.Combine(
        SourceTree.Top, "Xeno.Portal", Path.GetRelativePath(Path.Combine(SourceTree.Top, "Xeno.Portal.Tests"), AppContext.BaseDirectory), "Xeno.Portal.dll");

    /// <summary>Starts one, and waits until it listens.</summary>
    public static async Task<(PortalProcess Portal, Uri Origin)> StartAsync(PortalFactory beside, params (string Key, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Program]) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = Path.GetTempPath() };
        start.Environment.Remove("ASPNETCORE_URLS");
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["Urls"] = "http://127.0.0.1:0";
        start.Environment["Database__ConnectionString"] = $"Data Source={beside.DatabaseFile}";
        foreach (var (key, value) in beside.Settings.Concat(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))))
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;

        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.Start();
        var portal = new PortalProcess(process);
        return (portal, new Uri(await portal._origin.Task.WaitAsync(TestContext.Current.CancellationToken)));
    }

    /// <summary>Asks it to stop, as a supervisor does, and waits until it has.</summary>
    public async Task StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null)
            return;
        _lines.Enqueue(line);
        if (line.Split(Listening).ElementAtOrDefault(1) is { } address)
            _origin.TrySetResult(address.Split('"')[0]);
    }
}
