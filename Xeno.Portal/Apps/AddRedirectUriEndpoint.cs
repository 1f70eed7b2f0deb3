using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Xeno.Portal.Apps.Pages;
using Xeno.Portal.Shell;

namespace Xeno.Portal.Apps;

/// <summary>POST /apps/{clientId}/redirect-uris: the button "Add this redirect URI" of the authorization error page, for the app's owner.</summary>
internal static class AddRedirectUriEndpoint
{
    public static async Task<IResult> HandleAsync(
        HttpContext context, string clientId, AppRegistry apps, IAntiforgery antiforgery,
        [FromForm(Name = "redirect_uri")] string? redirectUri, [FromForm(Name = "return_url")] string? returnUrl)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
            return Refused("The page you came from had been open too long. Go back, reload it and try again.");
        if (redirectUri is null)
            return Refused("The form did not say which redirect URI to add. Go back, reload it and try again.");

        var (change, problem) = await apps.AddRedirectUriAsync(context.User.AccountId()!, clientId, redirectUri, context.RequestAborted);
        if (change == AppChange.NotFound)
            return TypedResults.NotFound();
        if (change == AppChange.Conflict)
            problem = "The app was changed at the same moment. Go back and try again.";
        if (problem is not null)
            return Refused(problem);

        // Ours is percent-encoded throughout; what is not may hold a line break, and goes into a header here.
        var isLocal = returnUrl?.StartsWith(PortalUrls.Authorize + "?", StringComparison.Ordinal) == true && returnUrl.All(c => c is > ' ' and <= '~');
        context.Response.Headers.Location = isLocal ? returnUrl : PortalUrls.App(clientId);
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);

        RazorComponentResult<RedirectUriRefusedPage> Refused(string why) => new(new { Problem = why, ClientId = clientId })
        {
            StatusCode = StatusCodes.Status400BadRequest,
        };
    }
}
