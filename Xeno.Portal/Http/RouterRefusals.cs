using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Http;

/// <summary>
/// Requests that no endpoint for programs takes: an address below <c>/oauth</c> or <c>/.well-known</c> that is not there, or a method that
/// is not taken. The answer says so in the form of RFC 6749 §5.2. (The API has problem details of its own, and people get a page.)
/// </summary>
internal static class RouterRefusals
{
    private static readonly PathString[] s_forPrograms = [PortalUrls.OAuth, PortalUrls.WellKnown];

    public static IApplicationBuilder UseRouterRefusals(this IApplicationBuilder app) => app.UseWhen(
        context => PortalUrls.IsBelow(context.Request.Path, s_forPrograms),
        programs => programs.UseStatusCodePages(refused => ExplainAsync(refused.HttpContext)));

    private static Task ExplainAsync(HttpContext context)
    {
        if (HttpMethods.IsHead(context.Request.Method))
            return Task.CompletedTask;

        var (error, words) = context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => ("not_found",
                $"There is nothing at this address. Take the addresses from the server's metadata, {PortalUrls.ServerMetadata}."),
            StatusCodes.Status405MethodNotAllowed => ("invalid_request", ErrorAnswers.MethodNotTaken(context)),
            _ => ("invalid_request", ErrorAnswers.CouldNotBeRead),
        };

        context.Facts().Error ??= error;
        context.Response.Headers.CacheControl = "no-store";
        var origin = context.RequestServices.GetRequiredService<PublicOrigin>();
        return OAuthError.Of(context, origin, error, words).WriteAsync(context);
    }
}
