using Xeno.Portal.Limits;

namespace Xeno.Portal.Api;

/// <summary>Settings section <c>RateLimits</c>: how often the API may be called.</summary>
internal sealed class ApiRateLimits
{
    /// <summary>API calls a minute with one token.</summary>
    [LimitRange]
    public int ApiCallsPerToken { get; set; } = 6000;

    /// <summary>API calls a minute without a valid token from one address.</summary>
    [LimitRange]
    public int RefusedApiCallsPerAddress { get; set; } = 600;

    internal RateLimit ApiCall => new(nameof(ApiCall), ApiCallsPerToken);

    internal RateLimit RefusedApiCall => new(nameof(RefusedApiCall), RefusedApiCallsPerAddress);
}
