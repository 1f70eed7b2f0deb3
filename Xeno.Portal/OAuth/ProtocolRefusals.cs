using Microsoft.AspNetCore.Http.HttpResults;
using Xeno.Portal.Http;
using Xeno.Portal.Limits;
using Xeno.Portal.OAuth.Pages;
using Xeno.Portal.Telemetry;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Xeno.Portal.OAuth;

/// <summary>What a protocol endpoint answers to a request that never reaches the engine, or for which the engine has no answer.</summary>
internal static class ProtocolRefusals
{
    /// <summary>429 and how long to wait: a page at authorize, which is for people, and JSON elsewhere.</summary>
    public static Task TooManyAsync(HttpContext context, PublicOrigin origin, TimeSpan wait)
    {
        if (context.Request.Path.StartsWithSegments(PortalUrls.Authorize))
            return TooManyPage(context, wait).ExecuteAsync(context);

        TooManyRequests.AnswerWith(context.Response, wait);
        return WriteAsync(context, origin, Errors.TemporarilyUnavailable, OAuthErrors.TooManyRequests(wait));
    }

    /// <summary>The page for a person whose browser sent too many requests.</summary>
    public static RazorComponentResult<TooManyRequestsPage> TooManyPage(HttpContext context, TimeSpan wait)
    {
        context.Facts().Error = Errors.TemporarilyUnavailable;
        TooManyRequests.AnswerWith(context.Response, wait);
        return new RazorComponentResult<TooManyRequestsPage>(new { Wait = wait }) { StatusCode = StatusCodes.Status429TooManyRequests };
    }

    /// <summary>An error of RFC 6749 §5.2; the status is the one that the response has.</summary>
    public static Task WriteAsync(HttpContext context, PublicOrigin origin, string error, string description)
    {
        context.Facts().Error = error;
        return OAuthError.Of(context, origin, error, description).WriteAsync(context);
    }
}
