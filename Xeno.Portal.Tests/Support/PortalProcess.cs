using System.Collections.Concurrent;
using System.Diagnostics;

namespace Xeno.Portal.Tests.Support;

/// <summary>
/// The portal as an operator runs it: its own process, in Production, as it is built for shipping, on a real port. It can be stopped or
/// killed. Console and meters belong to a process, so a test sees those of this portal alone.
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
        process.Exited += (_, _) => _origin.TrySetException(
            new InvalidOperationException($"The portal ended:\n{string.Join('\n', _lines)}"));
        process.EnableRaisingEvents = true;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What it has written to its console so far.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Where it listens, without a slash at the end.</summary>
    public string Origin => _origin.Task.Result;

    /// <summary>
    /// Starts a portal with these settings, and waits until it listens. The port is a free one unless <c>Urls</c> is among the settings.
    /// </summary>
    /// <param name="settings">Over those of <c>appsettings.json</c>.</param>
    /// <param name="program">Null: the build that is tested.</param>
    public static async Task<PortalProcess> StartAsync(IEnumerable<KeyValuePair<string, string?>> settings, string? program = null)
    {
        var environment = settings.Select(setting => (setting.Key, setting.Value)).Prepend(("Urls", "http://127.0.0.1:0"));
        var portal = new PortalProcess(PortalProgram.Serve(program ?? PortalProgram.File, environment));
        await portal._origin.Task.WaitAsync(TestContext.Current.CancellationToken);
        return portal;
    }

    /// <summary>Starts a portal on the database of another one. The given settings replace those of the other portal.</summary>
    public static Task<PortalProcess> StartAsync(PortalFactory beside, params (string Key, string? Value)[] settings)
        => StartAsync(beside.SettingsBeside().Concat(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value))));

    /// <summary>The same, where the load sends its requests, and without limits.</summary>
    public static Task<PortalProcess> StartAsync(PortalFactory beside, FlowLoad load)
        => StartAsync(beside, ("Urls", load.Origin), ("RateLimits:Enabled", "false"));

    public async Task<bool> IsReadyAsync()
    {
        using var http = new HttpClient();
        return (await http.GetAsync($"{Origin}/health/ready")).IsSuccessStatusCode;
    }

    /// <summary>SIGKILL: it gets no chance to finish anything.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as a supervisor sends it, and waits until it has ended; gives its exit code.</summary>
    public async Task<int> StopAsync()
    {
        using (var signal = Process.Start("sh", ["-c", $"kill -TERM {_process.Id}"]))
            await signal.WaitForExitAsync();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null)
            return;
        _lines.Enqueue(line);

        // The console writes JSON here: the address ends with a quote.
        if (line.Split(Listening).ElementAtOrDefault(1) is { } address)
            _origin.TrySetResult(address.Split('"')[0].TrimEnd('/'));
    }
}
