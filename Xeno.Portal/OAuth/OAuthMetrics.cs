using System.Diagnostics.Metrics;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.OAuth;

/// <summary>Counts codes, and refusals of the protocol endpoints.</summary>
internal static class OAuthMetrics
{
    private static readonly Counter<long> s_issued = PortalMeter.Counter("codes.issued", "Authorization codes issued.");
    private static readonly Counter<long> s_exchanged = PortalMeter.Counter("codes.exchanged", "Codes exchanged for an access token.");
    private static readonly Counter<long> s_replayed = PortalMeter.Counter(
        "codes.replayed", "Codes presented again after the grace, which ends their grant.");
    private static readonly Counter<long> s_refusals = PortalMeter.Counter(
        "oauth.refusals", "Requests refused by the protocol endpoints, by endpoint and error.");

    public static void CodeIssued() => s_issued.Add(1);

    public static void CodeExchanged() => s_exchanged.Add(1);

    public static void CodeReplayed() => s_replayed.Add(1);

    public static void Refused(string endpoint, string error)
        => s_refusals.Add(1, PortalMeter.Label("endpoint", endpoint), PortalMeter.Label("error", error));

    public static void AddZero()
    {
        s_issued.Add(0);
        s_exchanged.Add(0);
        s_replayed.Add(0);
    }
}
