using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Xeno.Portal.Data.PostgreSql;

/// <summary>
/// Retries transactions that the server rolled back because of a conflict with another one (SQLSTATE 40001, 40P01). A connection failure is
/// not retried: the caller gets the exception at once.
/// </summary>
internal static class TransactionRetry
{
    /// <summary>The most attempts, the first one included.</summary>
    public const int Attempts = 6;

    /// <summary>Whether the transaction was rolled back because of a conflict, so that it can be run again.</summary>
    public static bool IsConflict(Exception exception)
        => exception is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    /// <summary>A random delay that grows with each attempt, so that two transactions that conflicted do not conflict again.</summary>
    public static TimeSpan DelayBefore(int attempt) => TimeSpan.FromMilliseconds(Random.Shared.Next(1, 1 + (10 * attempt)));

    /// <summary>The same rule for EF Core.</summary>
    public sealed class Strategy(ExecutionStrategyDependencies dependencies)
        : ExecutionStrategy(dependencies, Attempts - 1, TimeSpan.FromSeconds(1))
    {
        protected override bool ShouldRetryOn(Exception exception) => IsConflict(exception);

        protected override TimeSpan? GetNextDelay(Exception lastException)
            => base.GetNextDelay(lastException) is null ? null : DelayBefore(ExceptionsEncountered.Count + 1);
    }
}
