using System.ComponentModel.DataAnnotations;

namespace Xeno.Portal.Sessions;

/// <summary>Settings section <c>Sessions</c>.</summary>
public sealed class SessionsOptions
{
    public const string Section = "Sessions";

    /// <summary>The absolute age of a session: then the person signs in again, however often the browser came back.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00", ErrorMessage = "Sessions:EndAfter must be between 00:00:01 and 3650.00:00:00.")]
    public TimeSpan EndAfter { get; set; } = TimeSpan.FromDays(90);
}
