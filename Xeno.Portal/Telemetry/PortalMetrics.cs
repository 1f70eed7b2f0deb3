using System.Diagnostics.Metrics;
using Xeno.Portal.Limits;

namespace Xeno.Portal.Telemetry;

/// <summary>
/// What the portal counts of itself, named as events; docs/operations.md says what each is good for. Counting costs nearly nothing while
/// nobody collects. Labels have few values, none of them an account, a token or an address.
/// </summary>
public static class PortalMetrics
{
    /// <summary>The name that collectors ask for, and that stands before those of the instruments: <c>xeno.portal.logins</c>.</summary>
    public const string MeterName = "Xeno.Portal";

    private static readonly Meter s_meter = new(MeterName);

    private static readonly Counter<long> s_logIns = s_meter.CreateCounter<long>("logins", description: "Log-ins, by outcome: done, refused, limited.");
    private static readonly Counter<long> s_registrations = s_meter.CreateCounter<long>("registrations", description: "Accounts created.");
    private static readonly Counter<long> s_codes = s_meter.CreateCounter<long>("codes.issued", description: "Authorization codes issued.");
    private static readonly Counter<long> s_exchanges = s_meter.CreateCounter<long>("codes.exchanged", description: "Codes exchanged for an access token.");
    private static readonly Counter<long> s_replays = s_meter.CreateCounter<long>("codes.replayed", description: "Codes presented again after the grace, which ends their grant.");
    private static readonly Counter<long> s_revocations = s_meter.CreateCounter<long>("grants.ended", description: "Grants ended, by whom: app, account, replay.");
    private static readonly Counter<long> s_refusals = s_meter.CreateCounter<long>("oauth.refusals", description: "Requests refused by the protocol endpoints, by endpoint and error.");
    private static readonly Counter<long> s_apiCalls = s_meter.CreateCounter<long>("api.calls", description: "API calls, by outcome: served, refused, limited.");
    private static readonly Counter<long> s_rateLimited = s_meter.CreateCounter<long>("ratelimit.refusals", description: "Requests answered 429, by limit.");
    private static readonly Counter<long> s_guessing = s_meter.CreateCounter<long>("guessing.stopped", description: "Times somebody's guesses at passwords or secrets ran out.");
    private static readonly Counter<long> s_databaseAway = s_meter.CreateCounter<long>("database.away", description: "Requests answered 503 because the database could not answer.");
    private static readonly Counter<long> s_pruned = s_meter.CreateCounter<long>("pruned.rows", description: "Dead rows removed, by kind.");
    private static readonly UpDownCounter<long> s_openPages = s_meter.CreateUpDownCounter<long>("pages.open", description: "Interactive pages open on this node.");

    /// <summary>Adds zero to every counter, so that what has not happened yet is known to have happened zero times.</summary>
    internal static void AddNothing()
    {
        foreach (var counter in (Counter<long>[])[s_registrations, s_codes, s_exchanges, s_replays, s_guessing, s_databaseAway])
            counter.Add(0);
        foreach (var outcome in (string[])["done", "refused", "limited"])
            s_logIns.Add(0, KeyValuePair.Create("outcome", (object?)outcome));
        foreach (var outcome in (string[])["served", "refused", "limited"])
            s_apiCalls.Add(0, KeyValuePair.Create("outcome", (object?)outcome));
        foreach (var by in (string[])["app", "account", "replay"])
            GrantsEnded(0, by);
        foreach (var limit in Enum.GetNames<RateLimit>())
            s_rateLimited.Add(0, KeyValuePair.Create("limit", (object?)limit));
        foreach (var kind in (string[])["codes", "grants", "guesses"])
            Pruned(0, kind);
        s_openPages.Add(0);
    }

    public static void LoggedIn(string outcome) => s_logIns.Add(1, KeyValuePair.Create("outcome", (object?)outcome));

    public static void Registered() => s_registrations.Add(1);

    public static void CodeIssued() => s_codes.Add(1);

    public static void CodeExchanged() => s_exchanges.Add(1);

    public static void CodeReplayed() => s_replays.Add(1);

    public static void GrantsEnded(int count, string by) => s_revocations.Add(count, KeyValuePair.Create("by", (object?)by));

    public static void Refused(string endpoint, string error)
        => s_refusals.Add(1, KeyValuePair.Create("endpoint", (object?)endpoint), KeyValuePair.Create("error", (object?)error));

    public static void ApiCalled(string outcome) => s_apiCalls.Add(1, KeyValuePair.Create("outcome", (object?)outcome));

    internal static void RateLimited(RateLimit limit) => s_rateLimited.Add(1, KeyValuePair.Create("limit", (object?)limit.ToString()));

    internal static void GuessingStopped() => s_guessing.Add(1);

    internal static void DatabaseAway() => s_databaseAway.Add(1);

    public static void Pruned(int rows, string kind) => s_pruned.Add(rows, KeyValuePair.Create("kind", (object?)kind));

    internal static void PageOpened() => s_openPages.Add(1);

    internal static void PageClosed() => s_openPages.Add(-1);
}
