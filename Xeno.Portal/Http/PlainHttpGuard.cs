using System.Net;

namespace Xeno.Portal.Http;

/// <summary>
/// Tokens, codes and passwords never leave this machine unencrypted: plain HTTP is served only for loopback addresses and behind a trusted
/// proxy (which sends <c>X-Forwarded-Proto: https</c>). Without <c>OAuth:Issuer</c> nothing but loopback names is served at
/// all, so that a forged <c>Host</c> header cannot become the issuer.
/// </summary>
internal sealed class PlainHttpGuard(RequestDelegate next, PublicOrigin origin)
{
    public Task InvokeAsync(HttpContext context)
    {
        // A proxy may pass on any word that the client sent as the scheme.
        if (!context.Request.IsHttps && !context.Request.Scheme.Equals(Uri.UriSchemeHttp, StringComparison.OrdinalIgnoreCase))
            return Refuse(context, "The header X-Forwarded-Proto must be http or https.");

        var isLocal = IsOfThisMachine(context.Request.Host) && IsFromThisMachine(context.Connection.RemoteIpAddress);
        if (isLocal && !origin.IsHttps)
            return next(context);

        if (origin.Configured is null)
            return Refuse(context,
                "This portal is set up for this machine only. Open it by http://localhost and its port, "
                + "or set OAuth:Issuer to its public address.");

        if (!isLocal && !context.Request.IsHttps)
            return Refuse(context,
                $"This portal answers over HTTPS only: {origin.Configured}. A proxy in front of it must send X-Forwarded-Proto "
                + "and be listed in Hosting:TrustedProxies.");

        // The Host header may be forged, and redirects are built from it. A request from this machine is answered like a visitor's, because
        // forms and cookies insist on HTTPS.
        if (origin.IsHttps)
            context.Request.Scheme = Uri.UriSchemeHttps;
        context.Request.Host = origin.ConfiguredHost;
        return next(context);
    }

    // With a valid port or none, because the address becomes the start of links.
    private static bool IsOfThisMachine(HostString host)
        => PublicOrigin.IsLoopback(host.Host)
           && (host.Port is { } port ? port <= IPEndPoint.MaxPort : host.Host.Length == host.Value!.Length);

    // Null: the in-memory server of tests.
    private static bool IsFromThisMachine(IPAddress? address) => address is null || IPAddress.IsLoopback(address);

    private static Task Refuse(HttpContext context, string sentence)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(sentence);
    }
}
