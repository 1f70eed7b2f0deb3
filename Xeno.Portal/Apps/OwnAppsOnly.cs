using Xeno.Portal.Sessions;

namespace Xeno.Portal.Apps;

/// <summary>
/// Answers 404 for the page of an app that does not exist or that the account has no access to. An interactive page is drawn by its circuit
/// after the status was sent, so the check is a middleware.
/// </summary>
internal sealed class OwnAppsOnly(RequestDelegate next)
{
    private const string RouteValue = "ClientId";

    private static readonly PathString s_apps = PortalUrls.Apps;

    public async Task InvokeAsync(HttpContext context, AppRegistry apps)
    {
        // The route value, because the router ignores letter case and a slash at the end of the path.
        var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        if (isRead && context.Request.Path.StartsWithSegments(s_apps) && context.GetRouteValue(RouteValue) is string clientId
            && context.User.AccountId() is { } accountId && await apps.FindAsync(accountId, clientId, context.RequestAborted) is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await next(context);
    }
}
