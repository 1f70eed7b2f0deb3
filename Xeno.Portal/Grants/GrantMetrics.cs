using System.Diagnostics.Metrics;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Grants;

/// <summary>Counts ended grants.</summary>
public static class GrantMetrics
{
    private const string By = "by";

    private static readonly Counter<long> s_ended = PortalMeter.Counter(
        "grants.ended", "Grants ended, by whom: app, account, replay, developer.");

    /// <summary>Counts grants that were ended.</summary>
    /// <param name="by">Who ended them: <c>app</c>, <c>account</c>, <c>replay</c>, or <c>developer</c> (all tokens of an app).</param>
    public static void Ended(int count, string by) => s_ended.Add(count, PortalMeter.Label(By, by));

    internal static void AddZero()
    {
        foreach (var by in (ReadOnlySpan<string>)["app", "account", "replay", "developer"])
            Ended(0, by);
    }
}
