using System.ComponentModel.DataAnnotations;

namespace Xeno.Portal.Apps;

/// <summary>Settings section <c>Apps</c>.</summary>
public sealed class AppsOptions
{
    public const string Section = "Apps";

    /// <summary>
    /// Whether an encrypted copy of each Client Secret is stored for the button "Reveal" (decision 0005). Without it a secret is shown
    /// once, right after it was created, and can only be rotated later.
    /// </summary>
    public bool KeepSecretsRevealable { get; set; } = true;

    /// <summary>How many apps an account may have. One that has more already, because the setting was lowered, keeps them.</summary>
    [Range(1, 100_000, ErrorMessage = "Apps:MostPerAccount must be between 1 and 100000.")]
    public int MostPerAccount { get; set; } = 100;
}
