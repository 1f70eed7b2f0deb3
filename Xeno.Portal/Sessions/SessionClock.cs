using Microsoft.Extensions.Options;

namespace Xeno.Portal.Sessions;

/// <summary>The time, and since when a session may have started to be still young enough (<c>Sessions:EndAfter</c>).</summary>
public sealed class SessionClock(TimeProvider time, IOptions<SessionsOptions> options)
{
    public (DateTimeOffset Now, DateTimeOffset Oldest) Now()
    {
        var now = time.GetUtcNow();
        return (now, now - options.Value.EndAfter);
    }
}
