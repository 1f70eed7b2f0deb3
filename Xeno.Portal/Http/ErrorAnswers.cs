using Microsoft.AspNetCore.Diagnostics;
using Xeno.Portal.Data;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Http;

/// <summary>
/// The answer to a program when the portal fails: problem details (RFC 9457), or at the OAuth endpoints the form of RFC 6749 §5.2, with the
/// request id of the log and nothing of the exception. A person gets the error page instead (the exception handler's path).
/// </summary>
internal sealed partial class ErrorAnswers(PublicOrigin origin, ILogger<ErrorAnswers> log) : IExceptionHandler
{
    private const string KestrelCore = "Microsoft.AspNetCore.Server.Kestrel.Core";

    /// <summary>The value of <c>Retry-After</c> with a 503, in seconds.</summary>
    internal const string SecondsUntilAnotherTry = "5";

    /// <summary>What happened to a request that could not be read, and what to do.</summary>
    internal const string CouldNotBeRead
        = "Its size, encoding or framing is not what this server takes. Correct it and send it again.";

    /// <summary>The same for a method that the address does not take; the answer's <c>Allow</c> has those that it takes.</summary>
    internal static string MethodNotTaken(HttpContext context)
    {
        // HEAD goes without saying where GET is taken; whether the router lists it depends on the build.
        var taken = string.Join(" or ", context.Response.Headers.GetCommaSeparatedValues("Allow").Except([HttpMethods.Head]));
        return $"This address does not take {context.Request.Method}. Send {taken}.";
    }

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        // The exception handler has put the error page's path in place of the request's.
        PathString path = context.Features.Get<IExceptionHandlerPathFeature>()!.Path;
        var status = context.Response.StatusCode;
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            LogNotNow(log, context.Request.Method, path, exception.GetBaseException().Message);
            if (exception is not NotNowException)
                HttpMetrics.DatabaseAway();
            context.Response.Headers.RetryAfter = SecondsUntilAnotherTry;
        }

        if (WantsPage(path, context.Request))
        {
            // The error page is a GET for any method: for a POST the form would be read again.
            context.Request.Method = HttpMethods.Get;
            return false;
        }

        context.Response.Headers.CacheControl = "no-store";
        var (error, title, detail) = Words(status);
        context.Facts().Error = error;
        if (path.StartsWithSegments(PortalUrls.OAuth))
            await OAuthError.Of(context, origin, error, detail).WriteAsync(context);
        else
            await Results.Problem(
                statusCode: status, type: origin.For(context.Request) + PortalUrls.DocsError(error), title: title, detail: detail,
                extensions: new Dictionary<string, object?> { ["request_id"] = context.TraceIdentifier }).ExecuteAsync(context);
        return true;
    }

    /// <summary>
    /// A request that cannot be read keeps its status (400, 413); a database that does not answer is 503; everything else is 500.
    /// </summary>
    public static int StatusOf(Exception exception) => exception switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        NotNowException => StatusCodes.Status503ServiceUnavailable,

        // What Kestrel throws for a chunk size out of range, and for NUL in the fields after the last chunk.
        IOException { InnerException: OverflowException } => StatusCodes.Status400BadRequest,
        InvalidOperationException { Source: KestrelCore } bad when bad.Message.Contains("request headers", StringComparison.Ordinal)
            => StatusCodes.Status400BadRequest,
        _ when DatabaseTrouble.IsBehind(exception) => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static (string Error, string Title, string Detail) Words(int status) => status switch
    {
        < StatusCodes.Status500InternalServerError => ("invalid_request", "The request could not be read.", CouldNotBeRead),
        StatusCodes.Status503ServiceUnavailable => ("temporarily_unavailable", "The portal cannot answer at the moment.",
            "It is not your request's fault. Send it again after the seconds that Retry-After names."),
        _ => ("server_error", "Something failed on our side.",
            "It is not your request's fault. Try again; if it keeps failing, tell us the request id."),
    };

    private static bool WantsPage(PathString path, HttpRequest request)
        => !path.StartsWithSegments(PortalUrls.EveryApi)
           && !path.StartsWithSegments(PortalUrls.WellKnown)
           && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    [LoggerMessage(1502, LogLevel.Warning, "{Method} {Path} could not be answered now: {Reason}")]
    private static partial void LogNotNow(ILogger log, string method, PathString path, string reason);
}
