using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Prometheus;

namespace Xeno.Portal.Telemetry;

/// <summary>
/// The portal's meters for Prometheus, at <see cref="Path"/> on a port and a server of their own, so that no mistake in a proxy can show
/// them to the public. Opened before the portal serves, closed after it.
/// </summary>
internal sealed class PrometheusEndpoint(IOptions<TelemetryOptions> options, IMeterFactory meters) : IHostedService, IDisposable
{
    public const string Path = "/metrics";

    // The adapter forgets a counter that stood still for so long. It takes no longer time.
    private static readonly TimeSpan s_aDay = TimeSpan.FromDays(1);

    // Seconds, for histograms that bring no buckets of their own.
    private static readonly double[] s_buckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 600, 3600];

    private KestrelMetricServer? _server;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var (host, port) = (options.Value.PrometheusHost, options.Value.PrometheusPort!.Value);
        var registry = Metrics.NewCustomRegistry();

        // Never disposed: all adapters of a process share one list of names, and the first to end would remove the names of the others.
        MeterAdapter.StartListening(new MeterAdapterOptions
        {
            Registry = registry,
            MetricFactory = Metrics.WithCustomRegistry(registry), // Without it the adapter takes the process's registry.
            InstrumentFilterPredicate = IsOurs,
            MetricsExpireAfter = s_aDay,
            ResolveHistogramBuckets = BucketsOf,
        });

        var isBareIPv6 = IPAddress.TryParse(host, out var address) && address.AddressFamily is AddressFamily.InterNetworkV6
                         && !host.StartsWith('[');
        _server = new KestrelMetricServer(isBareIPv6 ? $"[{host}]" : host, port, Path, registry);
        try
        {
            _server.Start();
        }
        catch (IOException taken)
        {
            throw new OptionsValidationException(nameof(TelemetryOptions), typeof(TelemetryOptions),
                [$"Telemetry:PrometheusPort must be a free port of {host}; {port} cannot be opened: {taken.Message}"]);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync() ?? Task.CompletedTask;

    public void Dispose() => ((IDisposable?)_server)?.Dispose();

    // The server above has meters too, and so has every other host in this process (tests start several).
    private bool IsOurs(Instrument instrument)
        => TelemetryFeature.Meters.Contains(instrument.Meter.Name)
           && (instrument.Meter.Scope is null || ReferenceEquals(instrument.Meter.Scope, meters));

    private static double[] BucketsOf(Instrument instrument)
        => instrument is Histogram<double> { Advice.HistogramBucketBoundaries: { } advised } ? [.. advised] : s_buckets;
}
