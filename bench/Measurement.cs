namespace Xeno.Portal.Bench;

/// <summary>One leg at one number of connections.</summary>
/// <param name="CpuMilliseconds">User and system time of the server for one request.</param>
/// <param name="AllocatedKilobytes">KiB allocated for one request; null for a program that is not .NET.</param>
internal sealed record Measurement(
    string Leg, int Connections, double CpuMilliseconds, WrkResult Load, double? AllocatedKilobytes = null, double? Fsyncs = null);

/// <summary>All measurements of one subject.</summary>
internal sealed record Report(
    Subject Subject, IReadOnlyList<Measurement> Measurements, TimeSpan ColdStart, double MegabytesAtRest, double MegabytesAfter)
{
    public Measurement? Of(string leg, int connections)
        => Measurements.FirstOrDefault(measurement => measurement.Leg == leg && measurement.Connections == connections);
}

/// <summary>Measures one subject from a fresh store to the last pass.</summary>
internal static class Measuring
{
    private const int WarmUpRounds = 10;
    private const double StillFalling = 0.97;

    /// <summary>Fewer requests for one connection: they are enough for a figure, and each takes long.</summary>
    private static int CountFor(int connections, int requests) => connections == 1 ? Math.Max(200, requests / 8) : requests;

    public static async Task<Report> RunAsync(Subject subject, BenchOptions options)
    {
        using var store = await StoreFolder.MakeAsync(subject);
        var folder = store.Path;
        Log($"{subject.Name}: store made");
        var coldStart = options.Start ? await ColdStartAsync(subject, folder) : TimeSpan.Zero;

        await using var server = await RunningServer.StartAsync(subject, folder);
        var flow = await subject.EnterAsync(server.Origin);
        if (options.OldCookies)
            await Task.Delay(TimeSpan.FromSeconds(65));
        var atRest = server.ResidentMegabytes();
        var legs = new Legs(server, flow, folder);
        await WarmUpAsync(subject, server, legs, options);

        var measurements = new List<Measurement>();
        foreach (var connections in options.Connections)
            await legs.RunAsync(connections, CountFor(connections, options.Requests), async (leg, count, run) =>
            {
                measurements.Add(await CpuOfAsync(server, leg, connections, count, run));
            });
        var after = server.ResidentMegabytes();

        // Separate from the other measurements, because to watch allocations costs CPU.
        if (subject.IsDotNet)
            foreach (var connections in options.Connections.Where(connections => connections == 16))
                await legs.RunAsync(connections, options.Requests, async (leg, count, run) =>
                {
                    using var allocations = Allocations.Watch(server.ProcessId);
                    await run();
                    var bytes = await allocations.StopAsync();
                    Update(leg, connections, m => m with { AllocatedKilobytes = bytes / 1024.0 / count });
                });
        await server.DisposeAsync();

        if (options.Fsyncs)
            await CountFsyncsAsync();

        return new Report(subject, measurements, coldStart, atRest, after);

        async Task CountFsyncsAsync()
        {
            var trace = new FsyncTrace(Path.Combine(folder, "fsyncs"));
            await using var traced = await RunningServer.StartAsync(subject, folder, trace);
            legs = new Legs(traced, await subject.EnterAsync(traced.Origin), folder);
            await WarmUpAsync(subject, traced, legs, options);
            foreach (var connections in options.Connections.Where(connections => connections is 1 or 64))
                await legs.RunAsync(connections, CountFor(connections, options.Requests), async (leg, count, run) =>
                {
                    trace.Take();
                    await run();
                    Update(leg, connections, m => m with { Fsyncs = (double)trace.Take() / count });
                });
        }

        void Update(string leg, int connections, Func<Measurement, Measurement> change)
        {
            var index = measurements.FindIndex(m => m.Leg == leg && m.Connections == connections);
            measurements[index] = change(measurements[index]);
        }
    }

    /// <summary>Repeats all legs until two rounds cost no less than the best before them.</summary>
    private static async Task WarmUpAsync(Subject subject, RunningServer server, Legs legs, BenchOptions options)
    {
        var (best, quiet) = (double.MaxValue, 0);
        for (var round = 1; round <= WarmUpRounds; round++)
        {
            var total = 0.0;
            await legs.RunAsync(16, options.Requests / 2, async (leg, count, run)
                => total += (await CpuOfAsync(server, leg, 16, count, run)).CpuMilliseconds);
            Log($"{subject.Name}: warm-up {round}, {total:F3} ms CPU for one request of each leg");
            quiet = total > best * StillFalling ? quiet + 1 : 0;
            if (quiet == 2)
                return;
            best = Math.Min(best, total);
        }
    }

    private static async Task<Measurement> CpuOfAsync(
        RunningServer server, string leg, int connections, int count, Func<Task<WrkResult>> run)
    {
        var before = server.Cpu();
        var load = await run();
        return new Measurement(leg, connections, (server.Cpu() - before).TotalMilliseconds / count, load);
    }

    /// <summary>The median of nine starts.</summary>
    private static async Task<TimeSpan> ColdStartAsync(Subject subject, string folder)
    {
        var starts = new List<TimeSpan>();
        for (var i = 0; i < 9; i++)
            await using (var server = await RunningServer.StartAsync(subject, folder))
                starts.Add(server.UntilFirstAnswer);
        return starts.Order().ElementAt(starts.Count / 2);
    }

    internal static void Log(string line) => Console.Error.WriteLine($"{DateTime.Now:HH:mm:ss} {line}");
}
