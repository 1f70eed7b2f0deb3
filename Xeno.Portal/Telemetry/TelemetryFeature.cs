using System.Diagnostics;
using System.Reflection;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Xeno.Portal.Telemetry;

/// <summary>
/// What the portal tells of itself: traces, metrics and logs to a collector (OTLP), metrics to Prometheus. What no setting asks for is not even
/// registered, so that it costs no request anything.
/// </summary>
public static class TelemetryFeature
{
    // Also what Npgsql calls its spans.
    private const string PostgreSql = "Npgsql";

    // A probe, a scrape or a file is no news; a circuit's connection is one span that lasts for as long as its page is open.
    private static readonly PathString[] s_untraced = ["/health", PrometheusEndpoint.Path, PortalUrls.Circuits];

    /// <summary>The meters that are told, ours and the platform's. Names and labels: docs/operations.md.</summary>
    public static IReadOnlyList<string> Meters { get; } =
    [
        PortalMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Components.Server.Circuits",
        "System.Runtime", PostgreSql,
    ];

    public static IHostApplicationBuilder AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.AddLogs();
        var services = builder.Services;
        services.AddOptions<TelemetryOptions>().BindConfiguration(TelemetryOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<TelemetryOptions>, TelemetryOptionsValidation>();

        // What is wrong in them is told with the other settings, when the host starts.
        var settings = builder.Configuration.GetSection(TelemetryOptions.Section).Get<TelemetryOptions>() ?? new TelemetryOptions();
        if (settings.Collector is { } collector)
            services.SendTo(collector, settings);
        if (settings.PrometheusPort is not null)
            services.AddHostedService<PrometheusEndpoint>();
        if (settings.IsOn)
            services.AddHostedService<CountersAreSeen>();
        return builder;
    }

    /// <summary>Whether a request is worth a span.</summary>
    public static bool IsTraced(HttpContext context)
    {
        var path = context.Request.Path;
        return !Array.Exists(s_untraced, untraced => path.StartsWithSegments(untraced)) && !Path.HasExtension(path.Value);
    }

    private static void SendTo(this IServiceCollection services, Uri collector, TelemetryOptions settings) => services.AddOpenTelemetry()
        .ConfigureResource(resource => resource.AddService(
            settings.ServiceName, serviceVersion: Version, autoGenerateServiceInstanceId: false,
            serviceInstanceId: settings.InstanceId ?? Environment.MachineName))
        .WithTracing(traces => traces
            .AddAspNetCoreInstrumentation(requests => requests.Filter = IsTraced)
            .AddSource(PostgreSql)
            .AddProcessor(new QueriesStayHere()))
        .WithMetrics(metrics => metrics
            .AddMeter([.. Meters])
            // As Prometheus does by itself: the meter's name before the instrument's.
            .AddView(instrument => instrument.Meter.Name == PortalMetrics.MeterName
                ? new MetricStreamConfiguration { Name = $"{PortalMetrics.MeterName.ToLowerInvariant()}.{instrument.Name}" } : null))
        .WithLogging(null, records => records.IncludeFormattedMessage = true)
        .UseOtlpExporter(settings.OtlpProtocol, collector);

    private static string? Version => typeof(TelemetryFeature).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    /// <summary>A query may hold a code, a state, or the token of a careless app: none of it leaves with a span, whatever its name is.</summary>
    private sealed class QueriesStayHere : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data) => data.SetTag("url.query", null);
    }

    /// <summary>
    /// Whoever asks for the increase of a counter does not see its first step, unless it has been seen before: at zero from the start on, and
    /// again before what stood still is forgotten.
    /// </summary>
    private sealed class CountersAreSeen : BackgroundService
    {
        private static readonly TimeSpan s_interval = TimeSpan.FromHours(1);

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            using var timer = new PeriodicTimer(s_interval);
            do
                PortalMetrics.AddNothing();
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
    }
}
