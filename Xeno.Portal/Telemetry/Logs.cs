using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Diagnostics.Enrichment;

namespace Xeno.Portal.Telemetry;

/// <summary>What a log record looks like, wherever it goes.</summary>
internal static class Logs
{
    private const string Form = "Logging:Console:FormatterName";
    private const string Json = "json";

    /// <summary>
    /// Puts the request id on every record, and in Production writes the console as lines of JSON. <c>Logging:Console</c> of the operator wins over
    /// all of that form.
    /// </summary>
    public static void AddLogs(this IHostApplicationBuilder builder)
    {
        if (builder.Environment.IsProduction() && (builder.Configuration[Form] ?? Json).Equals(Json, StringComparison.OrdinalIgnoreCase))
            // Below every other source of settings.
            builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
            {
                InitialData = new Dictionary<string, string?>
                {
                    [Form] = Json,
                    ["Logging:Console:FormatterOptions:UseUtcTimestamp"] = bool.TrueString,
                    ["Logging:Console:FormatterOptions:TimestampFormat"] = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'",
                },
            });

        builder.Services.AddHttpContextAccessor();
        builder.Services.AddLogEnricher<RequestIdEnricher>();
        builder.Logging.EnableEnrichment();
    }

    /// <summary>
    /// The id that answers carry as <c>X-Request-Id</c> and errors as <c>request_id</c>, on what is logged meanwhile. The framework's own scope
    /// would be opened for every request, this is asked when there is something to log.
    /// </summary>
    private sealed class RequestIdEnricher(IHttpContextAccessor requests) : ILogEnricher
    {
        public void Enrich(IEnrichmentTagCollector collector)
        {
            if (requests.HttpContext is { } request)
                collector.Add("RequestId", request.TraceIdentifier);
        }
    }
}
