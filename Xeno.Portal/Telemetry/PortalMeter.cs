using System.Diagnostics.Metrics;

namespace Xeno.Portal.Telemetry;

/// <summary>
/// The portal's one meter. Each folder counts its own events on it, in a class of its own (<c>ApiMetrics</c>, <c>LimitMetrics</c>);
/// docs/operations.md says what each counter is good for. Counting costs nearly nothing while nothing collects. Labels have few values,
/// none of them an account, a token or an address.
/// </summary>
public static class PortalMeter
{
    /// <summary>The name that collectors ask for. It stands before the names of the counters: <c>xeno.portal.logins</c>.</summary>
    public const string Name = "Xeno.Portal";

    private static readonly Meter s_meter = new(Name);

    /// <summary>A count that only grows.</summary>
    public static Counter<long> Counter(string name, string description) => s_meter.CreateCounter<long>(name, description: description);

    /// <summary>A count that goes up and down.</summary>
    public static UpDownCounter<long> Gauge(string name, string description)
        => s_meter.CreateUpDownCounter<long>(name, description: description);

    /// <summary>A label of a counter, with one of its few values.</summary>
    public static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);

    /// <summary>
    /// Has <paramref name="addZero"/> called at the start and every hour: it adds zero to the counters of a folder, once for each value of
    /// their labels, so that collectors know a counter before its first event.
    /// </summary>
    public static IServiceCollection CountFromZero(this IServiceCollection services, Action addZero)
        => services.AddSingleton(new ZeroCount(addZero));

    /// <summary>The same, for label values that only the services know.</summary>
    public static IServiceCollection CountFromZero(this IServiceCollection services, Action<IServiceProvider> addZero)
        => services.AddSingleton(provider => new ZeroCount(() => addZero(provider)));
}

/// <summary>Adds zero to the counters of one folder.</summary>
internal sealed record ZeroCount(Action Add);

/// <summary>
/// An increase is only seen from the second value that a collector gets. So every counter is at zero from the start, and zero is added
/// again every hour, before the Prometheus adapter forgets a counter that stands still.
/// </summary>
internal sealed class CountersStartAtZero(IEnumerable<ZeroCount> counts) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval);
        do
        {
            foreach (var count in counts)
                count.Add();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
