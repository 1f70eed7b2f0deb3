using Microsoft.AspNetCore.Diagnostics;
using Xeno.Portal.Data;

namespace Xeno.Portal.Http;

/// <summary>
/// What a program is answered when something fails that should not: problem details (RFC 9457), or at the OAuth endpoints the shape of RFC 6749
/// section 5.2, with the request id that the log has, and nothing of the exception. A person gets the error page instead (the exception
/// handler's path).
/// </summary>
internal sealed partial class ErrorAnswers(PublicOrigin origin, ILogger<ErrorAnswers> log) : IExceptionHandler
{
    private const string KestrelCore = "Microsoft.AspNetCore.Server.Kestrel.Core";

    private const string SecondsUntilAnotherTry = "5";

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        // The request's own path is the error page's by now.
        PathString path = context.Features.Get<IExceptionHandlerPathFeature>()!.Path;
        var status = context.Response.StatusCode;
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            LogNotNow(log, context.Request.Method, path, exception.GetBaseException().Message);
            if (exception is not RequestTookTooLongException)
                HttpMetrics.DatabaseAway();
            context.Response.Headers.RetryAfter = SecondsUntilAnotherTry;
        }

        if (WantsPage(path, context.Request))
        {
            // The page is got, whatever was sent: a form would be read again.
            context.Request.Method = HttpMethods.Get;
            return false;
        }

        context.Response.Headers.CacheControl = "no-store";
        var (error, title, detail) = Words(status);
        var answer = path.StartsWithSegments("/oauth")
            ? Results.Json(new Dictionary<string, string>
            {
                ["error"] = error,
                ["error_description"] = detail,
                ["error_uri"] = origin.For(context.Request) + PortalUrls.DocsError(error),
                ["request_id"] = context.TraceIdentifier,
            }, statusCode: status)
            : Results.Problem(statusCode: status, type: origin.For(context.Request) + PortalUrls.DocsError(error), title: title, detail: detail,
                extensions: new Dictionary<string, object?> { ["request_id"] = context.TraceIdentifier });
        await answer.ExecuteAsync(context);
        return true;
    }

    /// <summary>A client's fault in framing the request (413, 400) keeps its status; a database that is away is 503; everything else is ours.</summary>
    public static int StatusOf(Exception exception) => exception switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        RequestTookTooLongException => StatusCodes.Status503ServiceUnavailable,

        // Kestrel's words for a chunk size out of range, and for NUL in the fields behind the last chunk.
        IOException { InnerException: OverflowException } => StatusCodes.Status400BadRequest,
        InvalidOperationException { Source: KestrelCore } bad when bad.Message.Contains("request headers", StringComparison.Ordinal) => StatusCodes.Status400BadRequest,
        _ when DatabaseTrouble.IsBehind(exception) => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static (string Error, string Title, string Detail) Words(int status) => status switch
    {
        < StatusCodes.Status500InternalServerError => ("invalid_request", "The request could not be read.",
            "Its size, encoding or framing is not what this server takes. Correct it and send it again."),
        StatusCodes.Status503ServiceUnavailable => ("temporarily_unavailable", "The portal cannot answer at the moment.",
            "It is not your request's fault. Send it again after the seconds that Retry-After names."),
        _ => ("server_error", "Something failed on our side.",
            "It is not your request's fault. Try again; if it keeps failing, tell us the request id."),
    };

    private static bool WantsPage(PathString path, HttpRequest request)
        => !path.StartsWithSegments("/api")
           && !path.StartsWithSegments("/.well-known")
           && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    [LoggerMessage(1502, LogLevel.Warning, "{Method} {Path} could not be answered now: {Reason}")]
    private static partial void LogNotNow(ILogger log, string method, PathString path, string reason);
}

/// <summary>Whatever held the request up, nobody waits for it any longer.</summary>
internal sealed class RequestTookTooLongException() : Exception($"It took longer than {HttpFeature.LongestRequest.TotalSeconds} seconds.");
