using Microsoft.Extensions.Options;
using Xeno.Portal.Limits;

namespace Xeno.Portal.Tests.Limits;

/// <summary>The buckets of the rate limits, apart from any endpoint.</summary>
[Trait("Category", "Fast")]
public sealed class RateLimitsTests
{
    private static readonly RateLimit s_oneAMinute = new("OneAMinute", PerMinute: 1);
    private static readonly RateLimit s_oneASecond = new("OneASecond", PerMinute: 60);

    [Fact]
    public void A_full_bucket_is_removed_and_one_in_use_is_kept()
    {
        using var limits = Limits();
        Assert.Null(limits.Take(s_oneAMinute, "an address")); // Full again after a minute.
        Assert.Null(limits.Take(s_oneASecond, "a token")); // Full again after a second.

        while (limits.Count > 1)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            limits.Sweep();
        }

        Assert.NotNull(limits.Take(s_oneAMinute, "an address"));
    }

    [Fact]
    public void Each_limit_and_each_caller_has_its_own_bucket()
    {
        using var limits = Limits();

        Assert.Null(limits.Take(s_oneAMinute, "a"));
        Assert.Null(limits.Take(s_oneAMinute, "b"));
        Assert.Null(limits.Take(s_oneAMinute with { Name = "Other" }, "a"));
        Assert.NotNull(limits.Take(s_oneAMinute, "a"));
    }

    private static RateLimits Limits() => new(Options.Create(new RateLimitOptions()));
}
