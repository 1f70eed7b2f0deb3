using System.ComponentModel.DataAnnotations;

namespace Xeno.Portal.Lifecycle;

/// <summary>Settings section <c>Hosting</c>: how the portal stops.</summary>
public sealed class DrainOptions
{
    public const string Section = "Hosting";

    /// <summary>How long the portal keeps serving after it was asked to stop, so that a proxy can see that it is no longer ready.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00", ErrorMessage = "Hosting:DrainTime must be between 00:00:00 and 00:05:00.")]
    public TimeSpan DrainTime { get; set; } = TimeSpan.Zero;
}
