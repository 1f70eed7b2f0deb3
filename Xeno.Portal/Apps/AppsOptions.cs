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
}
