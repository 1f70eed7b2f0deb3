using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Xeno.Portal.Bench;

/// <summary>One pass of the load generator: <c>wrk</c> with the Lua script of a leg.</summary>
internal static partial class Wrk
{
    private static readonly string s_scripts = Path.Combine(AppContext.BaseDirectory, "legs");

    /// <summary>
    /// Sends <paramref name="count"/> requests over <paramref name="connections"/> connections and checks each answer. A wrong answer ends
    /// the bench.
    /// </summary>
    public static async Task<WrkResult> RunAsync(
        Uri origin, string leg, int connections, int count, string? input, string? output, params string[] own)
    {
        using var process = Start(
            origin, leg, connections, [count.ToString(CultureInfo.InvariantCulture), input ?? "-", output ?? "-", .. own]);
        var errors = process.StandardError.ReadToEndAsync();
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        var result = ResultLine().Match(text);
        if (!result.Success)
            throw new InvalidOperationException($"wrk ended without a result for {leg}:\n{text}\n{await errors}");

        long Field(string name) => long.Parse(result.Groups[name].ValueSpan, CultureInfo.InvariantCulture);
        if (Field("wrong") > 0 || Field("errors") > 0 || Field("answered") != count)
            throw new InvalidOperationException($"{leg} at {connections} connections was answered wrongly:\n{text}");

        return new WrkResult(
            count / (Field("us") / 1e6), TimeSpan.FromMicroseconds(Field("p50")), TimeSpan.FromMicroseconds(Field("p99")));
    }

    /// <summary>Starts requests that go on until they are stopped.</summary>
    public static WrkFlood StartFlood(Uri origin, string leg, int connections, params string[] own)
        => new(Start(origin, leg, connections, own));

    private static Process Start(Uri origin, string leg, int connections, string[] own)
        => Process.Start(new ProcessStartInfo(
            "wrk", ["-t1", $"-c{connections}", "-d600s", "--timeout", "30s", "-s", $"{leg}.lua", origin.ToString(), "--", .. own])
        {
            WorkingDirectory = s_scripts, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;

    [GeneratedRegex(
        @"RESULT answered=(?<answered>\d+) wrong=(?<wrong>\d+) p50=(?<p50>\d+) p99=(?<p99>\d+) errors=(?<errors>\d+) us=(?<us>\d+)")]
    private static partial Regex ResultLine();
}

/// <summary>The load generator's figures.</summary>
internal sealed record WrkResult(double PerSecond, TimeSpan Median, TimeSpan P99);

/// <summary>Requests under way, by a load generator of its own.</summary>
internal sealed partial class WrkFlood(Process wrk) : IDisposable
{
    /// <summary>Ends the requests. Says how many were answered, how many of them by 503, and in which time.</summary>
    public async Task<(long Answered, long Busy, double Seconds)> StopAsync()
    {
        Signals.StopTool(wrk.Id);
        var text = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        var result = ResultLine().Match(text);
        if (!result.Success || Field("wrong") > 0)
            throw new InvalidOperationException($"The flood was answered wrongly:\n{text}\n{await wrk.StandardError.ReadToEndAsync()}");
        return (Field("answered"), Field("busy"), Field("us") / 1e6);

        long Field(string name) => long.Parse(result.Groups[name].ValueSpan, CultureInfo.InvariantCulture);
    }

    /// <summary>Ends the load generator, if it runs still.</summary>
    public void Dispose()
    {
        if (!wrk.HasExited)
            wrk.Kill();
        wrk.Dispose();
    }

    [GeneratedRegex(@"FLOOD answered=(?<answered>\d+) busy=(?<busy>\d+) wrong=(?<wrong>\d+) us=(?<us>\d+)")]
    private static partial Regex ResultLine();
}
