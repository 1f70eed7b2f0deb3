using System.ComponentModel.DataAnnotations;

namespace Xeno.Portal.History;

/// <summary>Settings section <c>History</c>.</summary>
public sealed class HistoryOptions
{
    public const string Section = "History";

    /// <summary>How long an entry of the history is kept.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00", ErrorMessage = "History:KeepFor must be between 1.00:00:00 and 3650.00:00:00.")]
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(400);
}
