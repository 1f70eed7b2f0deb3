using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Diagnostics.Enrichment;

namespace Xeno.Portal.Telemetry;

/// <summary>The form of a log record.</summary>
internal static class Logs
{
    private const string Form = "Logging:Console:FormatterName";
    private const string Json = "json";

    /// <summary>
    /// Puts request, app and account on every record, and in Production writes the console as lines of JSON. The operator's own
    /// <c>Logging:Console</c> wins over this form.
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
        builder.Services.AddLogEnricher<RequestEnricher>();
        builder.Logging.EnableEnrichment();
    }

    /// <summary>
    /// What is known of the request that a record was written for: the id that answers carry as <c>X-Request-Id</c> and errors as
    /// <c>request_id</c>, and the app and the account, once the request's facts name them. An enricher is asked only when a record is
    /// written; the framework's logging scope would be opened for every request.
    /// </summary>
    private sealed class RequestEnricher(IHttpContextAccessor requests) : ILogEnricher
    {
        public void Enrich(IEnrichmentTagCollector collector)
        {
            if (requests.HttpContext is not { } request)
                return;

            collector.Add("RequestId", request.TraceIdentifier);
            if (request.Features.Get<RequestFacts>() is not { } facts)
                return;
            // Not "ClientId": a message may have a parameter of that name, and a JSON object must not have one name twice.
            if (facts.ClientId is { } clientId)
                collector.Add("RequestClientId", clientId);
            if (facts.AccountId is { } accountId)
                collector.Add("RequestAccountId", accountId);
        }
    }
}
