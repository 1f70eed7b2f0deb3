using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xeno.Portal.Data.Guesses;

namespace Xeno.Portal.Data;

/// <summary>Checks that the database accepts a write to disk. A read-only database cannot serve requests.</summary>
internal sealed class DatabaseHealth(GuessLedger counts, TimeProvider time) : IHealthCheck
{
    // A count that nobody reads. Pruning removes it like the others.
    private static readonly CountedGuess[] s_probe = [new("readiness", TimeSpan.FromHours(1), int.MaxValue)];

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await counts.AddAsync(s_probe, time.GetUtcNow());
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (DatabaseTrouble.IsBehind(exception))
        {
            return HealthCheckResult.Unhealthy("The database does not answer, or takes no writes.");
        }
    }
}
