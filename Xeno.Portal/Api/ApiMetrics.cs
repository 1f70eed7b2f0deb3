using System.Diagnostics.Metrics;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Api;

/// <summary>
/// Counts finished API calls by their outcome. A call whose client closed the connection before the answer began is not counted.
/// </summary>
internal sealed class ApiMetrics : IRequestObserver
{
    private const string Outcome = "outcome";

    private static readonly Counter<long> s_calls = PortalMeter.Counter(
        "api.calls", "API calls, by outcome: served, refused, limited, failed.");

    public static void AddZero()
    {
        foreach (var outcome in (ReadOnlySpan<RequestOutcome>)
                 [RequestOutcome.Served, RequestOutcome.Refused, RequestOutcome.Limited, RequestOutcome.Failed])
            s_calls.Add(0, PortalMeter.Label(Outcome, Word(outcome)));
    }

    public void Observe(RequestFacts facts, int status)
    {
        if (!ApiFeature.IsApiCall(facts))
            return;

        var outcome = facts.OutcomeOf(status);
        if (outcome is not RequestOutcome.Abandoned)
            s_calls.Add(1, PortalMeter.Label(Outcome, Word(outcome)));
    }

    private static string Word(RequestOutcome outcome) => outcome switch
    {
        RequestOutcome.Served => "served",
        RequestOutcome.Refused => "refused",
        RequestOutcome.Limited => "limited",
        _ => "failed",
    };
}
