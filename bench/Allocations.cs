using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;

namespace Xeno.Portal.Bench;

/// <summary>How much a .NET process allocates, by the runtime's own counter.</summary>
internal sealed class Allocations : IDisposable
{
    private readonly EventPipeSession _session;
    private readonly Task _reading;
    private double _bytes;

    private Allocations(EventPipeSession session)
    {
        _session = session;
        _reading = Task.Run(Read);
    }

    public static Allocations Watch(int processId)
    {
        var counters = new EventPipeProvider(
            "System.Runtime", EventLevel.Informational, arguments: new Dictionary<string, string> { ["EventCounterIntervalSec"] = "1" });
        return new Allocations(new DiagnosticsClient(processId).StartEventPipeSession(counters, requestRundown: false));
    }

    /// <summary>The bytes allocated since the watch began, up to the last whole second.</summary>
    public async Task<double> StopAsync()
    {
        await Task.Delay(TimeSpan.FromSeconds(1.2)); // The counter is reported once a second.
        await _session.StopAsync(CancellationToken.None);
        await _reading;
        return _bytes;
    }

    public void Dispose() => _session.Dispose();

    private void Read()
    {
        using var source = new EventPipeEventSource(_session.EventStream);
        source.Dynamic.All += entry =>
        {
            if (entry.EventName == "EventCounters" && entry.PayloadValue(0) is IDictionary<string, object> outer
                && outer["Payload"] is IDictionary<string, object> counter && (string)counter["Name"] == "alloc-rate")
                _bytes += Convert.ToDouble(counter["Increment"], System.Globalization.CultureInfo.InvariantCulture);
        };
        source.Process();
    }
}
