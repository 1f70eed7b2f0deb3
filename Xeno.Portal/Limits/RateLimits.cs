using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Xeno.Portal.Limits;

/// <summary>
/// Counts requests on this node, in one token bucket for each limit and caller. A caller that was quiet for a minute may send a minute's
/// requests at once; on average it may send as many as the limit says. The buckets are the framework's. Its partitioned limiter is not
/// used, because it refills every bucket ten times a second, even those that are not in use.
/// </summary>
public sealed class RateLimits(IOptions<RateLimitOptions> options) : IDisposable
{
    private const long MillisecondsBetweenSweeps = 60_000;

    private readonly ConcurrentDictionary<Key, TokenBucketRateLimiter> _buckets = [];
    private long _lastSweep = Environment.TickCount64;

    /// <summary>Counts one request of a caller. Null: it may go on; otherwise how long it has to wait, in whole seconds.</summary>
    /// <param name="caller">An address, an account, an app or a token's row id.</param>
    public TimeSpan? Take(RateLimit limit, string caller)
    {
        if (!options.Value.Enabled)
            return null;

        SweepWhenDue();
        var bucket = _buckets.GetOrAdd(new Key(limit.Name, caller), static (_, perMinute) => Bucket(perMinute), limit.PerMinute);
        bucket.TryReplenish();
        using var lease = bucket.AttemptAcquire();
        if (lease.IsAcquired)
            return null;

        LimitMetrics.Refused(limit);
        return TimeSpan.FromSeconds(
            lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? Math.Max(1, Math.Ceiling(wait.TotalSeconds)) : 1);
    }

    /// <summary>
    /// The same for the address that a request comes from, and for the IPv6 networks around it (<see cref="ClientAddress.NetworksOf"/>).
    /// </summary>
    public TimeSpan? TakeFrom(RateLimit limit, HttpContext context)
    {
        foreach (var (caller, factor) in ClientAddress.NetworksOf(context))
            if (Take(limit with { PerMinute = limit.PerMinute * factor }, caller) is { } wait)
                return wait;
        return null;
    }

    public void Dispose()
    {
        foreach (var bucket in _buckets.Values)
            bucket.Dispose();
    }

    /// <summary>How many buckets are kept: those of callers of the last minute or two.</summary>
    internal int Count => _buckets.Count;

    /// <summary>Removes full buckets: a new one would be as full.</summary>
    internal void Sweep()
    {
        foreach (var (key, bucket) in _buckets)
        {
            bucket.TryReplenish();
            // Not disposed: another request may be using it. It holds no resource.
            if (bucket.IdleDuration is not null)
                _buckets.TryRemove(KeyValuePair.Create(key, bucket));
        }
    }

    private void SweepWhenDue()
    {
        var (now, last) = (Environment.TickCount64, Volatile.Read(ref _lastSweep));
        if (now - last >= MillisecondsBetweenSweeps && Interlocked.CompareExchange(ref _lastSweep, now, last) == last)
            ThreadPool.QueueUserWorkItem(static limits => limits.Sweep(), this, preferLocal: false);
    }

    private static TokenBucketRateLimiter Bucket(int perMinute)
    {
        // About once a second, a whole number of tokens: for a limit below sixty a minute one, less often.
        var tokens = Math.Max(1, perMinute / 60);
        return new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = perMinute,
            TokensPerPeriod = tokens,
            ReplenishmentPeriod = TimeSpan.FromMinutes((double)tokens / perMinute),
            AutoReplenishment = false, // Take refills it, by the time that has passed.
            QueueLimit = 0,
        });
    }

    private readonly record struct Key(string Limit, string Caller);
}
