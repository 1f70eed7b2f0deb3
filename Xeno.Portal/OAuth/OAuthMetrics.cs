using System.Diagnostics.Metrics;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.OAuth;

/// <summary>
/// What the authorization server counts (docs/operations.md). Refusals are counted from the facts of the finished request.
/// </summary>
internal sealed class OAuthMetrics : IRequestObserver
{
    private static readonly Counter<long> s_issued = PortalMeter.Counter("codes.issued", "Authorization codes issued.");
    private static readonly Counter<long> s_exchanged = PortalMeter.Counter("codes.exchanged", "Codes exchanged for an access token.");
    private static readonly Counter<long> s_replayed = PortalMeter.Counter(
        "codes.replayed", "Codes presented again that are no retry, which ends their grant.");
    private static readonly Counter<long> s_refusals = PortalMeter.Counter(
        "oauth.refusals", "Requests refused by the protocol endpoints, by endpoint and error.");

    /// <summary>An authorization code was issued, with its grant.</summary>
    public static void CodeIssued() => s_issued.Add(1);

    /// <summary>A code was exchanged for an access token.</summary>
    public static void CodeExchanged() => s_exchanged.Add(1);

    /// <summary>A code was replayed, which ended its grant.</summary>
    public static void CodeReplayed() => s_replayed.Add(1);

    /// <summary>What is counted at zero from the start. Refusals are not: they have too many errors.</summary>
    public static void AddZero()
    {
        s_issued.Add(0);
        s_exchanged.Add(0);
        s_replayed.Add(0);
    }

    /// <summary>
    /// Counts a request that a protocol endpoint refused, by endpoint and error; one that failed here (5xx) is no refusal.
    /// </summary>
    public void Observe(RequestFacts facts, int status)
    {
        if (facts is { Endpoint: { } endpoint, Error: { } error } && ProtocolEndpointGuard.IsName(endpoint)
            && facts.OutcomeOf(status) is RequestOutcome.Refused or RequestOutcome.Limited)
            s_refusals.Add(1, PortalMeter.Label("endpoint", endpoint), PortalMeter.Label("error", error));
    }
}
