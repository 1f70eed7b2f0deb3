using Xeno.Portal.Http;

namespace Xeno.Portal.Mail;

/// <summary>
/// Answers 404 for the pages that show the mails of the folder, unless this is Development on a portal that only this machine can reach:
/// the mails have links that open accounts. Also for a mail that is not there.
/// </summary>
internal sealed class DevMailGuard(RequestDelegate next, IHostEnvironment environment, Reach reach, MailFolder folder)
{
    private const string RouteValue = "Id";

    private static readonly PathString s_pages = PortalUrls.DevMails;

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments(s_pages) && !await IsShownAsync(context))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await next(context);
    }

    private async Task<bool> IsShownAsync(HttpContext context)
        => environment.IsDevelopment() && reach.BeyondThisMachine() is null
            && (context.GetRouteValue(RouteValue) is not string id || await folder.ReadAsync(id, context.RequestAborted) is not null);
}
