using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Xeno.Portal.Hosting.Telemetry;

namespace Xeno.Portal.Hosting.Limits;

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
/// the settings say.
/// </summary>
public sealed class RateLimits : IDisposable
{
    private readonly bool _isEnabled;
    private readonly PartitionedRateLimiter<Counted> _limiter;

    public RateLimits(IOptions<RateLimitOptions> options)
    {
        var settings = options.Value;
        _isEnabled = settings.Enabled;
        _limiter = PartitionedRateLimiter.Create<Counted, Counted>(
            counted => RateLimitPartition.GetTokenBucketLimiter(counted, key => Bucket(ForAMinute(settings, key.Limit))));
    }

    /// <summary>Counts one. Null: go on; otherwise how long to wait, in whole seconds.</summary>
    public TimeSpan? Take(RateLimit limit, string whose)
    {
        if (!_isEnabled)
            return null;

        using var lease = _limiter.AttemptAcquire(new Counted(limit, whose));
        if (lease.IsAcquired)
            return null;

        PortalMetrics.RateLimited(limit);
        return TimeSpan.FromSeconds(lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? Math.Max(1, Math.Ceiling(wait.TotalSeconds)) : 1);
    }

    public void Dispose() => _limiter.Dispose();

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

    private static TokenBucketRateLimiterOptions Bucket(int aMinute)
    {
        // Refilled every second or, of less than sixty a minute, one at a time.
        var period = TimeSpan.FromSeconds(Math.Max(1, 60.0 / aMinute));
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = aMinute,
            TokensPerPeriod = Math.Max(1, (int)(aMinute * period.TotalMinutes)),
            ReplenishmentPeriod = period,
            QueueLimit = 0,
        };
    }

    private readonly record struct Counted(RateLimit Limit, string Whose);
}
