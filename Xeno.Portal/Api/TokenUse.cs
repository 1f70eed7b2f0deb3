using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Lifecycle;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Api;

/// <summary>
/// When each token was last used: the time of its last served call, written every five seconds. Open pages are not told: a busy app would
/// have them read their lists again every few seconds.
/// </summary>
public sealed partial class TokenUse(TokenLedger ledger, TimeProvider time, ILogger<TokenUse> log)
    : DeferredNotes(TimeSpan.FromSeconds(5), time), IRequestObserver
{
    /// <inheritdoc />
    public void Observe(RequestFacts facts, int status)
    {
        if (ApiFeature.IsApiCall(facts) && facts.TokenId is { } tokenId && facts.OutcomeOf(status) is RequestOutcome.Served)
            Note(tokenId);
    }

    /// <inheritdoc />
    protected override Task WriteAsync(IReadOnlyCollection<(string Id, DateTimeOffset At)> notes) => ledger.NoteUseAsync(notes);

    /// <inheritdoc />
    protected override void LogNotWritten(Exception exception) => LogNotWritten(log, exception);

    [LoggerMessage(1201, LogLevel.Warning, "The last use of some tokens could not be written.")]
    private static partial void LogNotWritten(ILogger log, Exception exception);
}
