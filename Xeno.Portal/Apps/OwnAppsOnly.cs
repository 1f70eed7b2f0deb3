using Xeno.Portal.Shell;

namespace Xeno.Portal.Apps;

/// <summary>
/// Somebody else's app is 404, and so is one that does not exist. The page itself is drawn by a circuit after the answer has gone, too late
/// for a status: so its address is looked at here.
/// </summary>
internal sealed class OwnAppsOnly(RequestDelegate next)
{
    private const string RouteValue = "ClientId";

    private static readonly PathString s_apps = PortalUrls.Apps;

    public async Task InvokeAsync(HttpContext context, AppRegistry apps)
    {
        // The router's own reading of the address: it takes another case and a slash at the end for the same page.
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
