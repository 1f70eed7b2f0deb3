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

    // A document that is not a page of this portal: it is shown with its own styles, and does and loads nothing.
    private const string ForForeignDocuments
        = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>For the <c>nonce</c> attribute of every script this answer carries.</summary>
    public string Nonce { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));

    /// <summary>Set by the document of an interactive page.</summary>
    public bool AllowsInlineStyles { get; set; }

    /// <summary>Set for a document that is only shown, such as the HTML version of a mail: it gets inline styles alone.</summary>
    public bool IsForeignDocument { get; set; }

    /// <summary>The header's value.</summary>
    /// <param name="mayLeadToApps">
    /// The page's form may end at an app. Then <c>form-action</c> is left out: browsers compare it with every redirect after the form's
    /// POST, and the app's redirect URI may itself redirect on to anywhere, also to a scheme of its own.
    /// </param>
    internal string Header(bool mayLeadToApps)
        => IsForeignDocument ? ForForeignDocuments : string.Join("; ", (ReadOnlySpan<string>)
    [
        "default-src 'none'",
        $"script-src 'self' 'nonce-{Nonce}'",
        AllowsInlineStyles ? "style-src 'self' 'unsafe-inline'" : "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'self'",
        .. mayLeadToApps ? [] : (ReadOnlySpan<string>)["form-action 'self'"],
        "frame-ancestors 'none'",
    ]);
}

/// <summary>Puts the security headers on every answer, with any status (docs/operations.md).</summary>
public static class SecurityHeaders
{
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
        // Read now: an error page takes the place of the path, and is on the same way.
        var path = context.Request.Path;
        var isOnTheWayToAnApp = PortalUrls.IsOnTheWayToAnApp(path);
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy
                = context.Features.Get<ContentPolicy>()?.Header(isOnTheWayToAnApp) ?? ContentPolicy.ForPrograms;
            headers.XFrameOptions = "DENY";
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = path.StartsWithSegments(PortalUrls.OAuth) ? "no-referrer" : "same-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
            if (!isOnTheWayToAnApp) // It would cut a popup from the app that opened it.
                headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["X-Request-Id"] = context.TraceIdentifier; // The log has the same id.
            return Task.CompletedTask;
        });
        return next(context);
    });
}
