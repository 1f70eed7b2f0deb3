using System.ComponentModel.DataAnnotations;

namespace Xeno.Portal.Limits;

/// <summary>
/// Settings section <c>RateLimits</c>: whether limits are on, and how many pages may be open. The other keys of the section belong to the
/// folders that ask for a limit (<see cref="LimitsFeature.AddRateLimits"/>). Each node counts for itself, except wrong guesses
/// (<see cref="WrongGuesses"/>), which all nodes count together.
/// </summary>
public sealed class RateLimitOptions
{
    public const string Section = "RateLimits";

    /// <summary>Off for load tests only. Lockout (<c>Accounts</c>) stays.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Interactive pages that one address keeps open at the same time, on one node.</summary>
    [LimitRange]
    public int OpenPagesPerAddress { get; set; } = 500;

    /// <summary>Interactive pages that one account keeps open at the same time, on one node.</summary>
    [LimitRange]
    public int OpenPagesPerAccount { get; set; } = 50;

    /// <summary>Interactive pages that one node keeps open at the same time.</summary>
    [LimitRange]
    public int OpenPagesPerNode { get; set; } = 2000;

    internal int Most(OpenPageLimit limit) => limit switch
    {
        _ when !Enabled => int.MaxValue,
        OpenPageLimit.OpenPagesPerAccount => OpenPagesPerAccount,
        OpenPageLimit.OpenPagesPerAddress => OpenPagesPerAddress,
        _ => OpenPagesPerNode,
    };
}

/// <summary>The range of every number in the section <c>RateLimits</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LimitRangeAttribute : RangeAttribute
{
    private const int Most = 1_000_000;

    public LimitRangeAttribute() : base(1, Most)
        => ErrorMessage = $"{RateLimitOptions.Section}:{{0}} must be between 1 and {Most}.";
}
