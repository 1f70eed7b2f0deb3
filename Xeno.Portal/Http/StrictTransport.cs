using Microsoft.AspNetCore.HttpsPolicy;
using Microsoft.Extensions.Options;

namespace Xeno.Portal.Http;

/// <summary>Settings section <c>Hosting</c>: the HSTS header.</summary>
public sealed class StrictTransportOptions
{
    public const string Section = "Hosting";

    /// <summary>
    /// Whether browsers that have seen the portal use HTTPS only for all its subdomains too (<c>includeSubDomains</c>, RFC 6797 §6.1.2).
    /// </summary>
    public bool HstsIncludeSubDomains { get; set; }
}

/// <summary>The header <c>Strict-Transport-Security</c>: a browser that has seen the portal uses HTTPS only for one year.</summary>
internal sealed class StrictTransport(IOptions<StrictTransportOptions> options) : IConfigureOptions<HstsOptions>
{
    public void Configure(HstsOptions hsts)
    {
        hsts.MaxAge = TimeSpan.FromDays(365);
        hsts.IncludeSubDomains = options.Value.HstsIncludeSubDomains;
    }
}
