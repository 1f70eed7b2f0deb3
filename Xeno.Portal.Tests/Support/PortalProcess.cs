using System.Diagnostics;

namespace Xeno.Portal.Tests.Support;

/// <summary>The portal as an operator runs it: a process of its own, as it is built for shipping, on a real port; it can be told to stop, or killed.</summary>
public sealed class PortalProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;

    private PortalProcess(Process process, string origin)
    {
        _process = process;
        Origin = origin;
        _http = new HttpClient { BaseAddress = new Uri(origin) };
    }

    /// <summary>The program, from its own output and not the copy beside the tests.</summary>
    public static string Program { get; } = Path.Combine(
        SourceTree.Top, "Xeno.Portal", Path.GetRelativePath(Path.Combine(SourceTree.Top, "Xeno.Portal.Tests"), AppContext.BaseDirectory), "Xeno.Portal.dll");

    /// <summary>Where it listens.</summary>
    public string Origin { get; }

    /// <summary>Starts one with these settings, and waits until it listens. The port is a free one unless <c>Urls</c> is among them.</summary>
    public static async Task<PortalProcess> StartAsync(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var start = new ProcessStartInfo("dotnet", [Program]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("ASPNETCORE_URLS");
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["Urls"] = "http://127.0.0.1:0";
        start.Environment["Logging__Console__FormatterName"] = "simple";
        foreach (var (key, value) in settings)
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        var process = Process.Start(start)!;

        var said = new List<string>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            said.Add(line);
            if (line.Split("Now listening on: ") is [_, var origin])
            {
                // Read on and forgotten: a pipe that is full would stop the portal.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
                return new PortalProcess(process, origin.Trim());
            }
        }

        throw new InvalidOperationException($"The portal did not start: {string.Join('\n', said)} {await process.StandardError.ReadToEndAsync()}");
    }

    public async Task<bool> IsReadyAsync() => (await _http.GetAsync("/health/ready")).IsSuccessStatusCode;

    /// <summary>SIGKILL: it gets no chance to finish anything.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as a supervisor sends it, and waits until it has ended; gives its exit code.</summary>
    public async Task<int> StopAsync()
    {
        using (var signal = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
            await signal.WaitForExitAsync();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
        _http.Dispose();
    }
}
