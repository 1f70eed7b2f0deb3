using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;

namespace Xeno.Portal.Telemetry;

/// <summary>Settings section <c>Telemetry</c>: where traces, metrics and logs go. Nowhere, unless set here.</summary>
public sealed class TelemetryOptions
{
    public const string Section = "Telemetry";

    /// <summary>The collector that traces, metrics and logs are sent to, such as <c>http://localhost:4318</c>. Null: none.</summary>
    public string? OtlpEndpoint { get; set; }

    /// <summary>The protocol of the collector: by default on port 4318 (<c>HttpProtobuf</c>) or 4317 (<c>Grpc</c>).</summary>
    public OtlpExportProtocol OtlpProtocol { get; set; } = OtlpExportProtocol.HttpProtobuf;

    /// <summary>The port that serves <c>/metrics</c> to Prometheus, and nothing else. Null: none.</summary>
    [Range(1, 65535, ErrorMessage = "Telemetry:PrometheusPort must be between 1 and 65535, or not set.")]
    public int? PrometheusPort { get; set; }

    /// <summary>The host of that port: <c>localhost</c>, an address of this machine, or <c>*</c> for all of them.</summary>
    public string PrometheusHost { get; set; } = "localhost";

    /// <summary>The name of the portal in traces, metrics and logs that are sent.</summary>
    [Required(ErrorMessage = "Telemetry:ServiceName must not be empty.")]
    public string ServiceName { get; set; } = "xeno-portal";

    /// <summary>The name of this node in them. Null: the name of the machine.</summary>
    public string? InstanceId { get; set; }

    /// <summary>The collector's address; null when none is set or the setting is no address.</summary>
    internal Uri? Collector => Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri : null;

    /// <summary>Whether metrics go anywhere.</summary>
    internal bool IsOn => Collector is not null || PrometheusPort is not null;
}

internal sealed class TelemetryOptionsValidation(IConfiguration configuration) : IValidateOptions<TelemetryOptions>
{
    public ValidateOptionsResult Validate(string? name, TelemetryOptions options)
    {
        if (!string.IsNullOrWhiteSpace(options.OtlpEndpoint) && options.Collector is null)
            return ValidateOptionsResult.Fail(
                $"Telemetry:OtlpEndpoint must be an address such as http://localhost:4318; it is '{options.OtlpEndpoint}'.");

        // Kestrel takes any other name as "all addresses".
        if (options.PrometheusHost is not ("localhost" or "*") && !IPAddress.TryParse(options.PrometheusHost, out _))
            return ValidateOptionsResult.Fail(
                "Telemetry:PrometheusHost must be localhost, an IP address of this machine, or * for all; "
                + $"it is '{options.PrometheusHost}'.");

        return options.PrometheusPort is { } port && PublicPorts().Contains(port)
            ? ValidateOptionsResult.Fail(
                $"Telemetry:PrometheusPort must not be a port of Urls, because what it serves is not for the public; both are {port}.")
            : ValidateOptionsResult.Success;
    }

    private IEnumerable<int> PublicPorts()
        => (configuration[WebHostDefaults.ServerUrlsKey] ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(url => BindingAddress.Parse(url).Port);
}
