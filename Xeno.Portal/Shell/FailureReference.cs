using System.Security.Cryptography;

namespace Xeno.Portal.Shell;

/// <summary>
/// An id for one failure of an interactive page, shown on the page and written to the log. The id of the request that opened the page would
/// not do: the page's circuit goes on long after that request.
/// </summary>
public static class FailureReference
{
    /// <summary>Eight letters and digits: short enough to read out, and enough to find one line in a log.</summary>
    public static string New() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
}
