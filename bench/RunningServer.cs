using System.Diagnostics;
using System.Globalization;

namespace Xeno.Portal.Bench;

/// <summary>A subject's process, with its CPU time and memory by <c>/proc</c>.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private const int TicksASecond = 100; // USER_HZ of every Linux that .NET runs on.

    private readonly Process _process;
    private bool _stopped;

    private RunningServer(Process process, int processId, Uri origin, TimeSpan untilFirstAnswer)
        => (_process, ProcessId, Origin, UntilFirstAnswer) = (process, processId, origin, untilFirstAnswer);

    public Uri Origin { get; }

    /// <summary>The id of the server's process, also if it runs under <c>strace</c>.</summary>
    public int ProcessId { get; }

    /// <summary>From the start of the process to its first answer.</summary>
    public TimeSpan UntilFirstAnswer { get; }

    public static async Task<RunningServer> StartAsync(Subject subject, string folder, FsyncTrace? trace = null)
    {
        var command = subject.Command(folder);
        if (trace is not null)
            command = trace.Wrap(command);
        command.RedirectStandardOutput = command.RedirectStandardError = true;

        var clock = Stopwatch.StartNew();
        var process = Process.Start(command)!;
        var output = new List<string>();
        process.OutputDataReceived += (_, line) => { lock (output) output.Add(line.Data ?? ""); };
        process.ErrorDataReceived += (_, line) => { lock (output) output.Add(line.Data ?? ""); };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        var origin = new Uri($"http://localhost:{subject.Port}");
        using var client = new HttpClient { BaseAddress = origin };
        while (true)
        {
            if (process.HasExited || clock.Elapsed > TimeSpan.FromMinutes(2))
                throw new InvalidOperationException($"{subject.Name} did not start:\n{string.Join('\n', output)}");
            try
            {
                using var answer = await client.GetAsync(subject.FirstAnswer);
                if (answer.IsSuccessStatusCode)
                    return new RunningServer(process, trace is null ? process.Id : ChildOf(process.Id), origin, clock.Elapsed);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(2);
            }
        }
    }

    /// <summary>User and system time of the process until now.</summary>
    public TimeSpan Cpu()
    {
        var stat = File.ReadAllText($"/proc/{ProcessId}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds((Number(fields[11]) + Number(fields[12])) / TicksASecond);
    }

    /// <summary>CPU time of the threads that exist now: more precise than <see cref="Cpu"/>, for work of a few milliseconds.</summary>
    public TimeSpan FineCpu()
    {
        var nanoseconds = 0.0;
        foreach (var thread in Directory.GetDirectories($"/proc/{ProcessId}/task"))
            try
            {
                nanoseconds += Number(File.ReadAllText($"{thread}/schedstat").Split(' ')[0]);
            }
            catch (IOException)
            {
                // The thread ended.
            }
        return TimeSpan.FromMicroseconds(nanoseconds / 1000);
    }

    /// <summary>Waits until the process is idle.</summary>
    public async Task QuietAsync()
    {
        var before = FineCpu();
        for (var idle = 0; idle < 3;)
        {
            await Task.Delay(200);
            var now = FineCpu();
            idle = now - before < TimeSpan.FromMilliseconds(2) ? idle + 1 : 0;
            before = now;
        }
    }

    /// <summary>Resident memory now, in MiB.</summary>
    public double ResidentMegabytes()
        => Number(File.ReadLines($"/proc/{ProcessId}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) / 1024;

    /// <summary>Stops the process by SIGTERM, as a service manager does, and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopped)
            return;
        _stopped = true;
        if (!_process.HasExited)
            Signals.StopService(ProcessId);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static int ChildOf(int processId)
        => (int)Number(File.ReadAllText($"/proc/{processId}/task/{processId}/children").Split(' ')[0]);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
