using System.Net;
using Microsoft.Extensions.Options;

namespace Xeno.Portal.Http;

/// <summary>
/// The portal's public origin: scheme, host and port, without a trailing slash. It is the issuer of RFC 8414 and the start of every link
/// that leaves the portal. Setting <c>OAuth:Issuer</c>; where it is not set, the address of the request if that is a loopback one.
/// </summary>
public sealed class PublicOrigin(IOptions<PublicOriginOptions> options)
{
    /// <summary>The configured origin, or null when the portal is for this machine only.</summary>
    public string? Configured { get; } = options.Value.Issuer?.TrimEnd('/');

    /// <summary>Host and port of <see cref="Configured"/>.</summary>
    internal HostString ConfiguredHost { get; }
        = options.Value.Issuer is { } issuer ? HostString.FromUriComponent(new Uri(issuer)) : default;

    /// <summary>True when the portal is reached by HTTPS, so that cookies carry <c>Secure</c> and the <c>__Host-</c> prefix.</summary>
    public bool IsHttps => Configured?.StartsWith("https://", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>
    /// The origin to print in an answer to <paramref name="request"/>. <see cref="PlainHttpGuard"/> has refused every request that has
    /// none.
    /// </summary>
    public string For(HttpRequest request) => Configured ?? AddressOf(request);

    /// <summary>
    /// Whether a header <c>Origin</c> (RFC 6454 §7) names this portal: the public origin, or the loopback address by which a local portal
    /// was opened. <see cref="PlainHttpGuard"/> has seen the request.
    /// </summary>
    internal bool IsOwn(string origin, HttpRequest request)
        => IsSame(origin, For(request)) || IsSame(origin, AddressOf(request));

    /// <summary>True for <c>localhost</c>, <c>127.0.0.0/8</c> and <c>[::1]</c>.</summary>
    public static bool IsLoopback(string host)
        => host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
           || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>
    /// True for an address that another machine can reach: one that Kestrel listens on (<c>http://+:80</c>, <c>http://[::]:5080</c>), or an
    /// origin.
    /// </summary>
    public static bool LeadsBeyondLoopback(string url) => !IsLoopback(BindingAddress.Parse(url).Host);

    private static string AddressOf(HttpRequest request) => $"{request.Scheme}://{request.Host}";

    /// <summary>Compares as browsers write an origin (RFC 6454 §6.2): the host in Punycode, without the scheme's usual port.</summary>
    private static bool IsSame(string origin, string own)
    {
        if (!Uri.TryCreate(own, UriKind.Absolute, out var uri))
            return false;

        var host = uri.HostNameType is UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        var port = uri.IsDefaultPort ? "" : $":{uri.Port}";
        return origin.Equals($"{uri.Scheme}://{host}{port}", StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>The key <c>OAuth:Issuer</c>. It is here, and not in OAuth, because every folder prints links with it.</summary>
public sealed class PublicOriginOptions
{
    public const string Section = "OAuth";

    /// <summary>An origin such as <c>https://portal.example.com</c>: no path, no query.</summary>
    public string? Issuer { get; set; }
}

internal sealed class PublicOriginValidation(IHostEnvironment environment, IConfiguration configuration)
    : IValidateOptions<PublicOriginOptions>
{
    public ValidateOptionsResult Validate(string? name, PublicOriginOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Issuer))
        {
            options.Issuer = null;
            return ListeningBeyondLoopback() is { } address
                ? ValidateOptionsResult.Fail(
                    "OAuth:Issuer must be set to the portal's public origin, for example https://portal.example.com, "
                    + $"because the portal listens on {address}, which is not a loopback address.")
                : ValidateOptionsResult.Success;
        }

        if (!Uri.TryCreate(options.Issuer, UriKind.Absolute, out var issuer) || issuer.Scheme is not ("https" or "http")
            || issuer.PathAndQuery != "/" || issuer.Fragment.Length > 0 || issuer.UserInfo.Length > 0)
            return ValidateOptionsResult.Fail(
                $"OAuth:Issuer must be an origin such as https://portal.example.com, without path or query; it is '{options.Issuer}'.");

        if (issuer.Scheme == "http" && environment.IsProduction() && !PublicOrigin.IsLoopback(issuer.Host))
            return ValidateOptionsResult.Fail(
                $"OAuth:Issuer must start with https:// in Production, because tokens travel to it; it is '{options.Issuer}'.");

        return ValidateOptionsResult.Success;
    }

    private string? ListeningBeyondLoopback()
        => (configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .FirstOrDefault(PublicOrigin.LeadsBeyondLoopback);
}
