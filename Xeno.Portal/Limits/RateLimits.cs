using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Limits;

/// <summary>What is counted: each with a number a minute of its own in <see cref="RateLimitOptions"/>.</summary>
public enum RateLimit
{
    LogIn,
    Registration,
    Authorization,
    Code,
    ProtocolRequest,
    ProtocolRequestOfApp,
    ApiCall,
    RefusedApiCall,
}

/// <summary>
/// Counts requests on this node. Whoever has been quiet for a minute may ask a minute's worth at once; on average nobody asks more often than
/// the settings say. The buckets are the framework's; its partitioned limiter would refill all of them ten times a second, asked for or not.
/// </summary>
public sealed class RateLimits(IOptions<RateLimitOptions> options) : IDisposable
{
    private const long MillisecondsBetweenSweeps = 60_000;

    private readonly ConcurrentDictionary<Counted, TokenBucketRateLimiter> _buckets = [];
    private long _lastSweep = Environment.TickCount64;

    /// <summary>Counts one. Null: go on; otherwise how long to wait, in whole seconds.</summary>
    public TimeSpan? Take(RateLimit limit, string whose)
    {
        if (!options.Value.Enabled)
            return null;

        SweepWhenDue();
        var bucket = _buckets.GetOrAdd(new Counted(limit, whose), static (counted, settings) => Bucket(ForAMinute(settings, counted.Limit)), options.Value);
        bucket.TryReplenish();
        using var lease = bucket.AttemptAcquire();
        if (lease.IsAcquired)
            return null;

        PortalMetrics.RateLimited(limit);
        return TimeSpan.FromSeconds(lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? Math.Max(1, Math.Ceiling(wait.TotalSeconds)) : 1);
    }

    public void Dispose()
    {
        foreach (var bucket in _buckets.Values)
            bucket.Dispose();
    }

    /// <summary>How many buckets are kept: those of whoever asked in the last minute or two.</summary>
    internal int Count => _buckets.Count;

    /// <summary>Forgets whoever may ask a whole minute's worth again: a new bucket would be as full.</summary>
    internal void Sweep()
    {
        foreach (var (counted, bucket) in _buckets)
        {
            bucket.TryReplenish();
            if (bucket.IdleDuration is not null)
                _buckets.TryRemove(KeyValuePair.Create(counted, bucket)); // Not disposed: somebody may hold it. It holds nothing itself.
        }
    }

    private void SweepWhenDue()
    {
        var (now, last) = (Environment.TickCount64, Volatile.Read(ref _lastSweep));
        if (now - last >= MillisecondsBetweenSweeps && Interlocked.CompareExchange(ref _lastSweep, now, last) == last)
            ThreadPool.QueueUserWorkItem(static limits => limits.Sweep(), this, preferLocal: false);
    }

    private static int ForAMinute(RateLimitOptions settings, RateLimit limit) => limit switch
    {
        RateLimit.LogIn => settings.LogInsPerAddress,
        RateLimit.Registration => settings.RegistrationsPerAddress,
        RateLimit.Authorization => settings.AuthorizationsPerAddress,
        RateLimit.Code => settings.CodesPerAccount,
        RateLimit.ProtocolRequest => settings.ProtocolRequestsPerAddress,
        RateLimit.ProtocolRequestOfApp => settings.ProtocolRequestsPerApp,
        RateLimit.ApiCall => settings.ApiCallsPerToken,
        RateLimit.RefusedApiCall => settings.RefusedApiCallsPerAddress,
        _ => throw new ArgumentOutOfRangeException(nameof(limit)),
    };

    private static TokenBucketRateLimiter Bucket(int aMinute)
    {
        // Refilled every second or, of less than sixty a minute, one at a time.
        var period = TimeSpan.FromSeconds(Math.Max(1, 60.0 / aMinute));
        return new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = aMinute,
            TokensPerPeriod = Math.Max(1, (int)(aMinute * period.TotalMinutes)),
            ReplenishmentPeriod = period,
            AutoReplenishment = false, // When it is asked, by the time that has passed.
            QueueLimit = 0,
        });
    }

    private readonly record struct Counted(RateLimit Limit, string Whose);
}
