namespace Xeno.Portal.Http;

/// <summary>RFC 9110 §9.3.2: HEAD answers what GET would, without the body.</summary>
internal static class HeadRequests
{
    /// <summary>
    /// Handles HEAD as GET; the server leaves the body out. Not at authorize, where a GET can issue a code: there HEAD has no effect.
    /// </summary>
    public static IApplicationBuilder UseHeadRequests(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (!HttpMethods.IsHead(context.Request.Method) || context.Request.Path.StartsWithSegments(PortalUrls.Authorize))
        {
            await next(context);
            return;
        }

        context.Request.Method = HttpMethods.Get;
        try
        {
            await next(context);
        }
        finally
        {
            context.Request.Method = HttpMethods.Head;
        }
    });
}
