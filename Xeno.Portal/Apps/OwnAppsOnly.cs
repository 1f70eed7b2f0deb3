using Xeno.Portal.Shell;

namespace Xeno.Portal.Apps;

/// <summary>
/// Somebody else's app is 404, and so is one that does not exist. The page itself is drawn by a circuit after the answer has gone, too late
/// for a status: so its address is looked at here.
/// </summary>
internal sealed class OwnAppsOnly(RequestDelegate next)
{
    private static readonly PathString s_apps = PortalUrls.Apps;

    public async Task InvokeAsync(HttpContext context, AppRegistry apps)
    {
        var isAppPage = HttpMethods.IsGet(context.Request.Method)
            && context.Request.Path.StartsWithSegments(s_apps, out var rest) && rest.Value is ['/', .. { Length: > 0 } clientId]
            && context.Request.Path != PortalUrls.NewApp && !clientId.Contains('/', StringComparison.Ordinal)
            && context.GetEndpoint() is not null;

        if (isAppPage && context.User.AccountId() is { } accountId
            && await apps.FindAsync(accountId, context.Request.Path.Value![(PortalUrls.Apps.Length + 1)..], context.RequestAborted) is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await next(context);
    }
}
