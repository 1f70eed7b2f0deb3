namespace Xeno.Portal.Apps;

/// <summary>Settings section <c>Apps</c>.</summary>
public sealed class AppsOptions
{
    public const string Section = "Apps";

    /// <summary>
    /// Whether an encrypted copy of each Client Secret is kept for "Reveal" (decision 0005). Without it a secret is shown once, right after
    /// it was made, and can only be rotated afterwards.
    /// </summary>
    public bool KeepSecretsRevealable { get; set; } = true;
}
