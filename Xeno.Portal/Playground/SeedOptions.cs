namespace Xeno.Portal.Playground;

/// <summary>Settings section <c>Seed</c>.</summary>
public sealed class SeedOptions
{
    public const string Section = "Seed";

    /// <summary>Whether the demo account and the demo app are made at start; not set: in Development only.</summary>
    public bool? Demo { get; set; }
}
