using System.Threading.RateLimiting;

namespace Xeno.Portal.Limits;

/// <summary>
/// Runs the slow hashing of passwords: as many at the same time as the machine has processors, with a short queue. Each hash takes a
/// processor for tens of milliseconds, on purpose, so without this limit a flood of log-ins would stop all other requests. It runs on a
/// thread of its own, because the threads of the pool serve those requests. Always on, also while <c>RateLimits:Enabled</c> is false.
/// </summary>
public sealed class PasswordWork : IDisposable
{
    private const int WaitingPerProcessor = 16;

    private readonly ConcurrencyLimiter _running = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = Environment.ProcessorCount,
        QueueLimit = WaitingPerProcessor * Environment.ProcessorCount,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Runs <paramref name="hash"/> when it is its turn.</summary>
    /// <exception cref="TooBusyException">So many wait already that this one would wait too long.</exception>
    public async Task<TResult> RunAsync<TResult>(Func<TResult> hash)
    {
        using var lease = await _running.AcquireAsync();
        if (!lease.IsAcquired)
        {
            LimitMetrics.PasswordRefused();
            throw new TooBusyException();
        }

        return await Task.Factory.StartNew(hash, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public void Dispose() => _running.Dispose();
}
