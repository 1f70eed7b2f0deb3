using System.Diagnostics.Metrics;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Http;

/// <summary>Counts answers that the database could not give.</summary>
internal static class HttpMetrics
{
    private static readonly Counter<long> s_databaseAway = PortalMeter.Counter(
        "database.away", "Requests answered 503 because the database could not answer.");

    public static void DatabaseAway() => s_databaseAway.Add(1);

    public static void AddZero() => s_databaseAway.Add(0);
}
