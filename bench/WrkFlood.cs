using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Xeno.Portal.Bench;

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
