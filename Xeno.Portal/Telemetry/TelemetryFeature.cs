using System.Diagnostics;
using System.Reflection;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Xeno.Portal.Telemetry;

/// <summary>
/// Traces, metrics and logs for a collector (OTLP), and metrics for Prometheus. What no setting switches on is not registered, so that it
/// costs nothing.
/// </summary>
public static class TelemetryFeature
{
    // The name of Npgsql's meter and of its spans.
    private const string PostgreSql = "Npgsql";

    // Probes, scrapes and files would be noise. A circuit's connection would be one span that lasts for as long as its page is open.
    private static readonly PathString[] s_untraced = ["/health", PrometheusEndpoint.Path, PortalUrls.Circuits];

    /// <summary>The meters that are published, ours and the platform's. Names and labels: docs/operations.md.</summary>
    public static IReadOnlyList<string> Meters { get; } =
    [
        PortalMeter.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel",
        "Microsoft.AspNetCore.Components.Server.Circuits", "System.Runtime", PostgreSql,
    ];

    public static IHostApplicationBuilder AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.AddLogs();
        var services = builder.Services;
        services.AddOptions<TelemetryOptions>().BindConfiguration(TelemetryOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<TelemetryOptions>, TelemetryOptionsValidation>();

        // Wrong values are reported with those of the other settings, when the host starts.
        var settings = builder.Configuration.GetSection(TelemetryOptions.Section).Get<TelemetryOptions>() ?? new TelemetryOptions();
        if (settings.Collector is { } collector)
            services.SendTo(collector, settings);
        if (settings.PrometheusPort is not null)
            services.AddHostedService<PrometheusEndpoint>();
        if (settings.IsOn)
            services.AddHostedService<CountersStartAtZero>();
        return builder;
    }

    /// <summary>Whether a request gets a span.</summary>
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
            .AddProcessor(new RemoveQueries()))
        .WithMetrics(metrics => metrics
            .AddMeter([.. Meters])
            // As Prometheus does by itself: the meter's name before the instrument's.
            .AddView(instrument => instrument.Meter.Name == PortalMeter.Name
                ? new MetricStreamConfiguration { Name = $"{PortalMeter.Name.ToLowerInvariant()}.{instrument.Name}" } : null))
        .WithLogging(null, records => records.IncludeFormattedMessage = true)
        .UseOtlpExporter(settings.OtlpProtocol, collector);

    private static string? Version
        => typeof(TelemetryFeature).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    /// <summary>
    /// Removes the query from every span: it may hold a code, a state, or a token that an app sent in the wrong place.
    /// </summary>
    private sealed class RemoveQueries : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data) => data.SetTag("url.query", null);
    }
}
