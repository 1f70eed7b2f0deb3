using System.Diagnostics;
using System.Globalization;

namespace Xeno.Portal.Bench;

/// <summary>
/// Endurance: 64 connections for four minutes without a wrong answer and without growing memory, and a thousand interactive pages open at
/// the same time.
/// </summary>
internal static class Hold
{
    private const int Connections = 64;
    private const int RequestsOfAPass = 4000;
    private const int Pages = 1000;
    private const int PagesOfAStep = 250;

    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    /// <summary>Four minutes at 64 connections.</summary>
    public static async Task LoadAsync(string build)
    {
        var subject = new PortalSubject(build, "this build");
        using var store = await StoreFolder.MakeAsync(subject);
        await using var server = await RunningServer.StartAsync(subject, store.Path);
        var legs = new Legs(server, await subject.EnterAsync(server.Origin), store.Path);
        for (var warmUp = 0; warmUp < 3; warmUp++)
            await legs.RunAsync(Connections, RequestsOfAPass, (_, _, run) => run());

        Console.WriteLine($"""
            | minute at {Connections} connections | requests | requests/s | wrong answers | resident MiB, median | resident MiB, most |
            | --- | ---: | ---: | ---: | ---: | ---: |
            """);
        var medians = new List<double>();
        foreach (var minute in (string[])["first", "second", "third", "fourth"])
        {
            var (requests, memory, clock) = (0, new List<double>(), Stopwatch.StartNew());
            while (clock.Elapsed < s_minute)
                await legs.RunAsync(Connections, RequestsOfAPass, async (_, count, run) =>
                {
                    await run(); // Ends the bench at the first wrong answer.
                    requests += count;
                    memory.Add(server.ResidentMegabytes());
                });
            medians.Add(memory.Order().ElementAt(memory.Count / 2));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {minute} | {requests} | {requests / clock.Elapsed.TotalSeconds:F0} | 0 | {medians[^1]:F0} | {memory.Max():F0} |"));
        }

        var (second, fourth) = (medians[1] / medians[0], medians[3] / medians[2]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"\nThe second minute's median is {second:F2} of the first's, the fourth's {fourth:F2} of the third's.\n"));
    }

    /// <summary>A thousand open pages.</summary>
    public static async Task PagesAsync(string build)
    {
        var subject = new PortalSubject(build, "this build");
        using var store = await StoreFolder.MakeAsync(subject);
        await using var server = await RunningServer.StartAsync(subject, store.Path);
        await using var circuits = new Circuits(server, "/apps", (await subject.EnterAsync(server.Origin)).Cookie);
        await circuits.WarmUpAsync();

        var before = await circuits.ResidentMegabytesAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            | interactive pages open | resident MiB | KiB for each |
            | ---: | ---: | ---: |
            | 0 | {before:F0} | |
            """));
        while (circuits.Count < Pages)
        {
            await circuits.OpenAsync(PagesOfAStep);
            var now = await circuits.ResidentMegabytesAsync();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {circuits.Count} | {now:F0} | {(now - before) * 1024 / circuits.Count:F0} |"));
        }
    }
}
