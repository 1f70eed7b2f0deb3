using Xeno.Portal.Limits;

namespace Xeno.Portal.Api;

/// <summary>Settings section <c>RateLimits</c>: how often the API may be called.</summary>
internal sealed class ApiRateLimits
{
    /// <summary>API calls a minute of one app for one account, with all its tokens together.</summary>
    [LimitRange]
    public int ApiCallsPerAppAndAccount { get; set; } = 6000;

    /// <summary>API calls a minute without a valid token from one address.</summary>
    [LimitRange]
    public int RefusedApiCallsPerAddress { get; set; } = 600;

    internal RateLimit ApiCall => new(nameof(ApiCall), ApiCallsPerAppAndAccount);

    internal RateLimit RefusedApiCall => new(nameof(RefusedApiCall), RefusedApiCallsPerAddress);
}
