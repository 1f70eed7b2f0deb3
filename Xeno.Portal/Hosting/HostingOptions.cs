using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Xeno.Portal.Hosting;

/// <summary>Settings section <c>Hosting</c>.</summary>
public sealed class HostingOptions
{
    public const string Section = "Hosting";

    /// <summary>
    /// Addresses (<c>10.0.0.5</c>) or networks (<c>10.0.0.0/8</c>) of the proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c>
    /// are believed. A proxy on this machine is believed too, where there can be one: the portal is public (<c>OAuth:Issuer</c> is https), or
    /// proxies are named here.
    /// </summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>How long the portal goes on serving after it was told to stop, so that a proxy notices that it is no longer ready.</summary>
    public TimeSpan DrainTime { get; set; } = TimeSpan.Zero;
}

internal sealed class HostingOptionsValidation : IValidateOptions<HostingOptions>
{
    private static readonly TimeSpan s_longestDrain = TimeSpan.FromMinutes(5);

    public ValidateOptionsResult Validate(string? name, HostingOptions options)
    {
        if (options.TrustedProxies.FirstOrDefault(proxy => !System.Net.IPNetwork.TryParse(proxy, out _) && !IPAddress.TryParse(proxy, out _)) is { } wrong)
            return ValidateOptionsResult.Fail($"Hosting:TrustedProxies must hold addresses like 10.0.0.5 or networks like 10.0.0.0/8; it holds '{wrong}'.");

        return options.DrainTime >= TimeSpan.Zero && options.DrainTime <= s_longestDrain
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Hosting:DrainTime must be between 00:00:00 and 00:05:00.");
    }
}

internal sealed class TrustedProxies(IOptions<HostingOptions> options, PublicOrigin origin) : IConfigureOptions<ForwardedHeadersOptions>
{
    public void Configure(ForwardedHeadersOptions forwarded)
    {
        // A portal for this machine alone has no proxy in front: whoever claims another address there is a program that wants more than its share.
        if (!origin.IsHttps && options.Value.TrustedProxies.Count == 0)
            return;

        // Not X-Forwarded-Host: the public origin is a setting, never what a request claims.
        forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        foreach (var proxy in options.Value.TrustedProxies)
            if (IPAddress.TryParse(proxy, out var address))
                forwarded.KnownProxies.Add(address);
            else
                forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
    }
}
