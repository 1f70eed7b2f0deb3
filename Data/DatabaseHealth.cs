using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xeno.Portal.Data.Statements;

namespace Xeno.Portal.Data;

/// <summary>Checks that the database answers a query.</summary>
internal sealed class DatabaseHealth(IStatements statements) : IHealthCheck
{
    private static readonly Statement s_ping = new("""
        SELECT 'ok'
        """);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await statements.FindAsync(s_ping, static row => row.GetString(0));
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (DatabaseTrouble.IsBehind(exception))
        {
            return HealthCheckResult.Unhealthy("The database does not answer.");
        }
    }
}
