using System.Diagnostics.Metrics;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Accounts;

/// <summary>Counts log-ins and registrations.</summary>
internal static class AccountMetrics
{
    private const string Outcome = "outcome";

    private static readonly Counter<long> s_logIns = PortalMeter.Counter("logins", "Log-ins, by outcome: done, refused, limited.");
    private static readonly Counter<long> s_registrations = PortalMeter.Counter("registrations", "Accounts created.");

    public static void LoggedIn(string outcome) => s_logIns.Add(1, PortalMeter.Label(Outcome, outcome));

    public static void Registered() => s_registrations.Add(1);

    public static void AddZero()
    {
        s_registrations.Add(0);
        foreach (var outcome in (ReadOnlySpan<string>)["done", "refused", "limited"])
            s_logIns.Add(0, PortalMeter.Label(Outcome, outcome));
    }
}
