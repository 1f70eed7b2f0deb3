using Microsoft.AspNetCore.Http.HttpResults;
using Xeno.Portal.Http;
using Xeno.Portal.Limits;
using Xeno.Portal.OAuth.Pages;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Xeno.Portal.OAuth;

/// <summary>What a protocol endpoint answers when the engine is not asked at all.</summary>
internal static class ProtocolRefusals
{
    /// <summary>429 and how long to wait: a page at authorize, which is for people, and JSON elsewhere.</summary>
    public static Task TooManyAsync(HttpContext context, PublicOrigin origin, TimeSpan wait)
    {
        OAuthMetrics.Refused(ProtocolEndpointGuard.NameOf(context.Request.Path), Errors.TemporarilyUnavailable);
        if (context.Request.Path.StartsWithSegments(PortalUrls.Authorize))
            return TooManyPage(context.Response, wait).ExecuteAsync(context);

        TooManyRequests.AnswerWith(context.Response, wait);
        return WriteAsync(context, origin, Errors.TemporarilyUnavailable, OAuthErrors.TooManyRequests(wait));
    }

    /// <summary>The page for a person whose browser has asked too often.</summary>
    public static RazorComponentResult<TooManyRequestsPage> TooManyPage(HttpResponse response, TimeSpan wait)
    {
        TooManyRequests.AnswerWith(response, wait);
        return new RazorComponentResult<TooManyRequestsPage>(new { Wait = wait }) { StatusCode = StatusCodes.Status429TooManyRequests };
    }

    /// <summary>RFC 6749 §5.2, with the status that is set already.</summary>
    public static Task WriteAsync(HttpContext context, PublicOrigin origin, string error, string description)
        => context.Response.WriteAsJsonAsync(new Dictionary<string, string>
        {
            ["error"] = error,
            ["error_description"] = description,
            ["error_uri"] = origin.For(context.Request) + PortalUrls.DocsError(error),
            ["request_id"] = context.TraceIdentifier,
        });
}
