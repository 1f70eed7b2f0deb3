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
    /// are trusted, one behind another too. A proxy on this machine is trusted too, when <c>OAuth:Issuer</c> is https or when proxies are
    /// named here.
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

        // As many proxies in a row as are trusted: the entries are read from the right, until an address is not that of a proxy.
        forwarded.ForwardLimit = null;
        foreach (var proxy in options.Value.TrustedProxies)
            if (IPAddress.TryParse(proxy, out var address))
                forwarded.KnownProxies.Add(address);
            else
                forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
    }

    /// <summary>
    /// Takes quotes out of the two headers. Addresses and schemes have none, but the framework reads a quoted string as one entry: a quote
    /// that a client sent would hide the entries that the proxies have added behind it.
    /// </summary>
    public static Task RemoveQuotes(HttpContext context, RequestDelegate next)
    {
        var headers = context.Request.Headers;
        foreach (var name in (ReadOnlySpan<string>)
                 [ForwardedHeadersDefaults.XForwardedForHeaderName, ForwardedHeadersDefaults.XForwardedProtoHeaderName])
            if (headers[name] is { Count: > 0 } lines && lines.Any(line => line!.Contains('"', StringComparison.Ordinal)))
                headers[name] = lines.Select(line => line!.Replace("\"", "", StringComparison.Ordinal)).ToArray();
        return next(context);
    }
}
