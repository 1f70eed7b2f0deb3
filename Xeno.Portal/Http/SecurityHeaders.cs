using System.Buffers;
using System.Security.Cryptography;

namespace Xeno.Portal.Http;

/// <summary>
/// The Content-Security-Policy of one answer. Strict unless the page is interactive: MudBlazor needs inline styles. Pages and endpoints
/// find it by <see cref="SecurityHeaders.Policy"/> and add to it before the answer starts.
/// </summary>
public sealed class ContentPolicy
{
    /// <summary>The policy of an answer that is no page: nothing may be loaded, run or framed.</summary>
    internal const string ForPrograms = "default-src 'none'; frame-ancestors 'none'";

    private static readonly SearchValues<char> s_hostCharacters
        = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._");

    private readonly HashSet<string> _formTargets = [];

    /// <summary>For the <c>nonce</c> attribute of every script this answer carries.</summary>
    public string Nonce { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));

    /// <summary>Set by the document of an interactive page.</summary>
    public bool AllowsInlineStyles { get; set; }

    /// <summary>
    /// Chrome and Safari check <c>form-action</c> against every redirect that follows a form's POST: a form whose answer may lead to an
    /// app has to name the app's redirect URI, or the Allow goes nowhere.
    /// </summary>
    public void AllowFormToLeadTo(string redirectUri)
    {
        if (!Uri.TryCreate(redirectUri, UriKind.Absolute, out var uri))
            return;

        // CSP's grammar has no IPv6 literals, and custom schemes have no host: both are named by their scheme. So is any other host with
        // characters that do not belong in a header, because the URI may come from the address of the request.
        var hasUsableHost = uri.Scheme is "http" or "https" && uri.IdnHost is { Length: > 0 } host
                            && !host.AsSpan().ContainsAnyExcept(s_hostCharacters);
        _formTargets.Add(hasUsableHost ? $"{uri.Scheme}://{uri.IdnHost}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}" : $"{uri.Scheme}:");
    }

    /// <summary>The same for a form whose redirect target is not yet known: any web app, or an app on this device.</summary>
    public void AllowFormToLeadToAnyWebApp() => _formTargets.UnionWith(["https:", "http://127.0.0.1:*", "http://localhost:*"]);

    internal string Header => string.Join("; ",
        "default-src 'none'",
        $"script-src 'self' 'nonce-{Nonce}'",
        AllowsInlineStyles ? "style-src 'self' 'unsafe-inline'" : "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'self'",
        $"form-action {string.Join(' ', _formTargets.Prepend("'self'"))}",
        "frame-ancestors 'none'");
}

/// <summary>Puts the security headers on every answer, with any status (docs/operations.md).</summary>
public static class SecurityHeaders
{
    private const string OAuth = "/oauth";

    /// <summary>The Content-Security-Policy of the answer being made.</summary>
    public static ContentPolicy Policy(this HttpContext context)
    {
        if (context.Features.Get<ContentPolicy>() is { } policy)
            return policy;

        policy = new ContentPolicy();
        context.Features.Set(policy);
        return policy;
    }

    internal static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(static state =>
        {
            var context = (HttpContext)state;
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = context.Features.Get<ContentPolicy>()?.Header ?? ContentPolicy.ForPrograms;
            headers.XFrameOptions = "DENY";
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = context.Request.Path.StartsWithSegments(OAuth) ? "no-referrer" : "same-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["X-Request-Id"] = context.TraceIdentifier; // The log has the same id.
            return Task.CompletedTask;
        }, context);
        return next(context);
    });
}
