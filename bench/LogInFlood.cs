using System.Globalization;

namespace Xeno.Portal.Bench;

/// <summary>
/// How long apps wait for an answer while 200 connections post log-ins as fast as they are answered. Limits by address are off, because
/// they would stop the one address of the load generator, and a real flood comes from many.
/// </summary>
internal static class LogInFlood
{
    private const int FloodConnections = 200;
    private const int AppConnections = 4;
    private const int Requests = 1000;

    // A server that the flood exhausts takes seconds for each.
    private const int RequestsInTheFlood = 40;

    // Until all connections of the flood wait for an answer.
    private static readonly TimeSpan s_rising = TimeSpan.FromSeconds(3);

    public static async Task RunAsync(BenchOptions options)
    {
        await MeasureAsync(new PortalSubject(options.Build, "This build"));
        if (options.Against is { } other)
            await MeasureAsync(new PortalSubject(other, $"The build in {other}"));
    }

    private static async Task MeasureAsync(PortalSubject subject)
    {
        using var store = await StoreFolder.MakeAsync(subject);
        await using var server = await RunningServer.StartAsync(subject, store.Path);
        var legs = new Legs(server, await subject.EnterAsync(server.Origin), store.Path);
        for (var warmUp = 0; warmUp < 4; warmUp++)
            await PassAsync(Requests);

        var quiet = await PassAsync(Requests);
        var (form, cookie) = await PortalSubject.LogInFormAsync(server.Origin);
        using var flood = Wrk.StartFlood(server.Origin, "log-in", FloodConnections, "/account/login", form, cookie);
        await Task.Delay(s_rising);
        var flooded = await PassAsync(RequestsInTheFlood);
        var (answered, busy, seconds) = await flood.StopAsync();

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""

            **{subject.Name}.** Log-ins answered in a second: {(answered - busy) / seconds:F1} with yes or no, {busy / seconds:F1} with 503.

            | leg | p50 ms | p99 ms | p50 ms with the flood | p99 ms with the flood |
            | --- | ---: | ---: | ---: | ---: |
            """));
        foreach (var leg in Legs.Names)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {leg} | {quiet[leg].Median.TotalMilliseconds:F2} | {quiet[leg].P99.TotalMilliseconds:F2} "
                + $"| {flooded[leg].Median.TotalMilliseconds:F2} | {flooded[leg].P99.TotalMilliseconds:F2} |"));

        async Task<Dictionary<string, WrkResult>> PassAsync(int requests)
        {
            var results = new Dictionary<string, WrkResult>();
            await legs.RunAsync(AppConnections, requests, async (leg, _, run) => results[leg] = await run());
            return results;
        }
    }
}
