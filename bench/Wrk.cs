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
