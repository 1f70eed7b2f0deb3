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
    private const int Circuits = 1000;
    private const int CircuitsOfAStep = 250;

    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    // Until the server has released what the last pages used. With open pages the server is never completely idle.
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(5);

    /// <summary>Four minutes at 64 connections.</summary>
    public static Task LoadAsync(string build) => PortalSubject.OnStoreAsync(build, "this build", LoadAsync);

    /// <summary>A thousand open pages.</summary>
    public static Task PagesAsync(string build) => PortalSubject.OnStoreAsync(build, "this build", PagesAsync);

    private static async Task LoadAsync(PortalSubject subject, string folder)
    {
        await using var server = await RunningServer.StartAsync(subject, folder);
        var legs = new Legs(server, await subject.EnterAsync(server.Origin), folder);
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

    private static async Task PagesAsync(PortalSubject subject, string folder)
    {
        await using var server = await RunningServer.StartAsync(subject, folder);
        var cookie = (await subject.EnterAsync(server.Origin)).Cookie;
        var circuits = new List<OpenCircuit>();
        try
        {
            for (var i = 0; i < 20; i++) // Code that is loaded once does not count as memory of a circuit.
                await using (await OpenCircuit.OpenAsync(server.Origin, "/apps", cookie))
                {
                }

            await Task.Delay(s_settling);
            var before = server.ResidentMegabytes();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
                | interactive pages open | resident MiB | KiB for each |
                | ---: | ---: | ---: |
                | 0 | {before:F0} | |
                """));
            while (circuits.Count < Circuits)
            {
                for (var i = 0; i < CircuitsOfAStep; i++)
                    circuits.Add(await OpenCircuit.OpenAsync(server.Origin, "/apps", cookie));
                await Task.Delay(s_settling);
                var now = server.ResidentMegabytes();
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {circuits.Count} | {now:F0} | {(now - before) * 1024 / circuits.Count:F0} |"));
            }
        }
        finally
        {
            foreach (var circuit in circuits)
                await circuit.DisposeAsync();
        }
    }
}
