namespace Xeno.Portal.Playground;

/// <summary>Settings section <c>Seed</c>.</summary>
public sealed class SeedOptions
{
    public const string Section = "Seed";

    /// <summary>
    /// Whether a start creates the demo account and the demo app. Not set: in Development only. Never in Production, nor when the portal
    /// listens on an address, or has an issuer, that is not a loopback one.
    /// </summary>
    public bool? Demo { get; set; }
}
