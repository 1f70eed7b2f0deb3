using System.Net;

namespace Xeno.Portal.Hosting;

/// <summary>
/// Tokens, codes and passwords never travel in the clear beyond this machine: plain HTTP is served for loopback addresses and behind a
/// trusted proxy (which says <c>X-Forwarded-Proto: https</c>) only. Without <c>OAuth:Issuer</c> nothing but loopback names is served at
/// all, so that a forged <c>Host</c> header cannot become the issuer.
/// </summary>
internal sealed class PlainHttpGuard(RequestDelegate next, PublicOrigin origin)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (PublicOrigin.IsLoopback(context.Request.Host.Host) && IsFromThisMachine(context.Connection.RemoteIpAddress))
        {
            // Whoever asks a public portal from beside it is answered as its visitors are: forms and cookies insist on HTTPS.
            if (origin.IsHttps)
                context.Request.Scheme = Uri.UriSchemeHttps;
            return next(context);
        }

        if (origin.Configured is null)
            return Refuse(context, "This portal is set up for this machine only. Open it by http://localhost and its port, or set OAuth:Issuer to its public address.");

        return context.Request.IsHttps
            ? next(context)
            : Refuse(context, $"This portal answers over HTTPS only: {origin.Configured}. A proxy in front of it must send X-Forwarded-Proto and be listed in Hosting:TrustedProxies.");
    }

    // Null is the in-memory test server.
    private static bool IsFromThisMachine(IPAddress? address) => address is null || IPAddress.IsLoopback(address);

    private static Task Refuse(HttpContext context, string sentence)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(sentence);
    }
}
