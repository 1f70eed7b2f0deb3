using System.Security.Cryptography;

namespace Xeno.Portal.Shell;

/// <summary>
/// Names one failure of an interactive page, on the page and in the log. A page's circuit outlives the request that opened it, so the id of
/// a request would name nothing.
/// </summary>
public static class FailureReference
{
    /// <summary>Eight letters and digits: short enough to read out, and enough to find one line in a log.</summary>
    public static string New() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
}
