using System.Diagnostics.Metrics;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Limits;

/// <summary>Counts refusals by a limit, stopped guesses, and open pages.</summary>
internal static class LimitMetrics
{
    private const string Limit = "limit";

    private static readonly Counter<long> s_refusals = PortalMeter.Counter("ratelimit.refusals", "Requests and pages refused, by limit.");
    private static readonly Counter<long> s_guessing = PortalMeter.Counter(
        "guessing.stopped", "Times that a caller's guesses at passwords or secrets ran out.");
    private static readonly Counter<long> s_passwords = PortalMeter.Counter(
        "passwords.refused", "Passwords that were not compared, because the processors were busy with others.");
    private static readonly UpDownCounter<long> s_openPages = PortalMeter.Gauge("pages.open", "Interactive pages open on this node.");

    public static void Refused(RateLimit limit) => s_refusals.Add(1, PortalMeter.Label(Limit, limit.Name));

    public static void PageRefused(OpenPageLimit limit) => s_refusals.Add(1, PortalMeter.Label(Limit, limit.ToString()));

    public static void GuessingStopped() => s_guessing.Add(1);

    public static void PasswordRefused() => s_passwords.Add(1);

    public static void PageOpened() => s_openPages.Add(1);

    public static void PageClosed() => s_openPages.Add(-1);

    public static void AddZero()
    {
        s_guessing.Add(0);
        s_passwords.Add(0);
        s_openPages.Add(0);
    }

    public static void AddZero(IEnumerable<string> limits)
    {
        foreach (var limit in limits)
            s_refusals.Add(0, PortalMeter.Label(Limit, limit));
    }
}
