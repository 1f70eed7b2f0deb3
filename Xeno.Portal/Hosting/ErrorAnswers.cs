using Microsoft.AspNetCore.Diagnostics;

namespace Xeno.Portal.Hosting;

/// <summary>
/// What a program is answered when something fails that should not: problem details (RFC 9457) with the request id that the log has, and
/// nothing of the exception. A person gets the error page instead (the exception handler's path).
/// </summary>
internal sealed class ErrorAnswers : IExceptionHandler
{
    /// <summary>The page for people, drawn by the Shell.</summary>
    public const string Page = "/error";

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (WantsPage(context.Request))
            return false;

        var theirs = context.Response.StatusCode < StatusCodes.Status500InternalServerError;
        await Results.Problem(
            statusCode: context.Response.StatusCode,
            title: theirs ? "The request could not be read." : "Something failed on our side.",
            detail: theirs
                ? "Its size, encoding or framing is not what this server takes. Correct it and send it again."
                : "It is not your request's fault. Try again; if it keeps failing, tell us the request id.",
            extensions: new Dictionary<string, object?> { ["requestId"] = context.TraceIdentifier })
            .ExecuteAsync(context);
        return true;
    }

    /// <summary>A client's fault in framing the request (413, 400) keeps its status; everything else is ours.</summary>
    public static int StatusOf(Exception exception)
        => exception is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError;

    private static bool WantsPage(HttpRequest request)
        => !request.Path.StartsWithSegments("/api")
           && !request.Path.StartsWithSegments("/.well-known")
           && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
