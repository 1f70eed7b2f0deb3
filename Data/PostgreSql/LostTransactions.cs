using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Xeno.Portal.Data.PostgreSql;

/// <summary>
/// Transactions that the server rolled back in favour of another one (SQLSTATE 40001, 40P01): through no fault of their own, and nothing of
/// them is left, so they are tried again. A database that cannot be reached is not waited for here: its caller is told at once.
/// </summary>
internal static class LostTransactions
{
    /// <summary>How often one is tried in all.</summary>
    public const int Attempts = 6;

    public static bool Is(Exception exception)
        => exception is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    /// <summary>A moment, longer each time and never the same for two that met, so that they do not meet again.</summary>
    public static TimeSpan DelayBefore(int attempt) => TimeSpan.FromMilliseconds(Random.Shared.Next(1, 1 + (10 * attempt)));

    /// <summary>The same for what EF Core does.</summary>
    public sealed class Strategy(ExecutionStrategyDependencies dependencies) : ExecutionStrategy(dependencies, Attempts - 1, TimeSpan.FromSeconds(1))
    {
        protected override bool ShouldRetryOn(Exception exception) => Is(exception);

        protected override TimeSpan? GetNextDelay(Exception lastException)
            => base.GetNextDelay(lastException) is null ? null : DelayBefore(ExceptionsEncountered.Count + 1);
    }
}
