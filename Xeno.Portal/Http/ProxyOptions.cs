using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Xeno.Portal.Http;

/// <summary>Settings section <c>Hosting</c>: the proxies in front of the portal.</summary>
public sealed class ProxyOptions
{
    public const string Section = "Hosting";

    /// <summary>
    /// Addresses (<c>10.0.0.5</c>) or networks (<c>10.0.0.0/8</c>) of the proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c>
    /// are trusted. A proxy on this machine is trusted too, when <c>OAuth:Issuer</c> is https or when proxies are named here.
    /// </summary>
    public IList<string> TrustedProxies { get; } = [];
}

internal sealed class ProxyOptionsValidation : IValidateOptions<ProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, ProxyOptions options)
        => options.TrustedProxies.FirstOrDefault(IsNoAddress) is { } wrong
            ? ValidateOptionsResult.Fail(
                $"Hosting:TrustedProxies must hold addresses like 10.0.0.5 or networks like 10.0.0.0/8; it holds '{wrong}'.")
            : ValidateOptionsResult.Success;

    private static bool IsNoAddress(string proxy) => !System.Net.IPNetwork.TryParse(proxy, out _) && !IPAddress.TryParse(proxy, out _);
}

internal sealed class TrustedProxies(IOptions<ProxyOptions> options, PublicOrigin origin) : IConfigureOptions<ForwardedHeadersOptions>
{
    public void Configure(ForwardedHeadersOptions forwarded)
    {
        // A portal for this machine alone has no proxy in front. A program that sends these headers wants to avoid a limit.
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
