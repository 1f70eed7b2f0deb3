using Microsoft.AspNetCore.Mvc;
using Xeno.Portal.Http;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Api;

/// <summary>
/// Errors of the API as problem details (RFC 9457), with a link to the error's paragraph in the docs, and the request id.
/// </summary>
internal static class ApiProblems
{
    public static Task WriteAsync(HttpContext context, PublicOrigin origin, int status, string title, string detail, string error)
        => Create(context, origin, status, title, detail, error).ExecuteAsync(context);

    public static IResult Create(HttpContext context, PublicOrigin origin, int status, string title, string detail, string error)
    {
        context.Facts().Error = error;
        return TypedResults.Problem(new ProblemDetails
        {
            Type = $"{origin.For(context.Request)}{PortalUrls.DocsError(error)}",
            Status = status,
            Title = title,
            Detail = detail,
            Extensions = { ["error"] = error, ["request_id"] = context.TraceIdentifier },
        });
    }

    /// <summary>The body for a status that the router answers by itself.</summary>
    public static Task OfStatusAsync(HttpContext context)
    {
        var origin = context.RequestServices.GetRequiredService<PublicOrigin>();
        return context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => WriteAsync(context, origin, 404, "There is nothing here",
                "No API method has this address. Compare it with the docs.", "not_found"),
            StatusCodes.Status405MethodNotAllowed => WriteAsync(context, origin, 405, "The method is not taken here",
                ErrorAnswers.MethodNotTaken(context), "method_not_allowed"),
            var status => WriteAsync(
                context, origin, status, "The request could not be read", ErrorAnswers.CouldNotBeRead, "invalid_request"),
        };
    }
}
