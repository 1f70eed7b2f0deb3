using Xeno.Portal.Data.Sessions;
using Xeno.Portal.Lifecycle;

namespace Xeno.Portal.Sessions;

/// <summary>
/// When each session was last used. It is written once a minute, and for one session not more often than every five minutes: for people
/// who read "10 minutes ago" that is exact enough.
/// </summary>
public sealed partial class SessionUse(SessionLedger ledger, TimeProvider time, ILogger<SessionUse> log)
    : DeferredNotes(TimeSpan.FromMinutes(1), time)
{
    private static readonly TimeSpan s_between = TimeSpan.FromMinutes(5);

    private readonly TimeProvider _time = time;

    /// <summary>Notes that the session is used now.</summary>
    public void Note(LiveSession session)
    {
        if (_time.GetUtcNow() - session.LastSeenAt >= s_between)
            Note(session.Id);
    }

    /// <inheritdoc />
    protected override Task WriteAsync(IReadOnlyCollection<(string Id, DateTimeOffset At)> notes) => ledger.NoteSeenAsync(notes);

    /// <inheritdoc />
    protected override void LogNotWritten(Exception exception) => LogNotWritten(log, exception);

    [LoggerMessage(2001, LogLevel.Warning, "The last use of some sessions could not be written.")]
    private static partial void LogNotWritten(ILogger log, Exception exception);
}
