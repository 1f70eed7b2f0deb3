using System.Diagnostics.Metrics;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Lifecycle;

/// <summary>Counts pruned rows.</summary>
internal static class LifecycleMetrics
{
    private static readonly Counter<long> s_pruned = PortalMeter.Counter("pruned.rows", "Rows removed by pruning, by kind.");

    public static void Pruned(int rows, string kind) => s_pruned.Add(rows, PortalMeter.Label("kind", kind));
}
