using Xeno.Portal.Telemetry;

namespace Xeno.Portal.OAuth;

/// <summary>
/// What the authorization server counts (docs/operations.md). Refusals are counted from the facts of the finished request.
/// </summary>
internal sealed class OAuthMetrics : IRequestObserver
{
    /// <summary>An authorization code was issued, with its grant.</summary>
    public static void CodeIssued() => PortalMetrics.CodeIssued();

    /// <summary>A code was exchanged for an access token.</summary>
    public static void CodeExchanged() => PortalMetrics.CodeExchanged();

    /// <summary>A code was replayed, which ended its grant.</summary>
    public static void CodeReplayed() => PortalMetrics.CodeReplayed();

    /// <summary>
    /// Counts a request that a protocol endpoint refused, by endpoint and error; one that failed here (5xx) is no refusal.
    /// </summary>
    public void Observe(RequestFacts facts, int status)
    {
        if (facts is { Endpoint: { } endpoint, Error: { } error } && ProtocolEndpointGuard.IsName(endpoint)
            && facts.OutcomeOf(status) is RequestOutcome.Refused or RequestOutcome.Limited)
            PortalMetrics.Refused(endpoint, error);
    }
}
