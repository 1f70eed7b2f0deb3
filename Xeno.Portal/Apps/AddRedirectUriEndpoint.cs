using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Xeno.Portal.Apps.Pages;
using Xeno.Portal.Sessions;

namespace Xeno.Portal.Apps;

/// <summary>POST /apps/{clientId}/redirect-uris: the owner's button "Add this redirect URI" on the error page of authorize.</summary>
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

        // The portal's own addresses are percent-encoded. Others may contain a line break, which must not get into a header.
        var isLocal = returnUrl?.StartsWith(PortalUrls.Authorize + "?", StringComparison.Ordinal) == true
            && returnUrl.All(c => c is > ' ' and <= '~');
        var next = isLocal ? returnUrl! : PortalUrls.App(clientId);
        AppChange change;
        string? problem;
        try
        {
            (change, problem) = await apps.AddRedirectUriAsync(context.User.Actor()!, clientId, redirectUri, context.RequestAborted);
        }
        catch (ProofNeededException)
        {
            return SeeOther(PortalUrls.ProveThen(next)); // Back on the same page, the same button works.
        }

        if (change == AppChange.NotFound)
            return TypedResults.NotFound();
        if (change == AppChange.Conflict)
            problem = "The app was changed at the same moment. Go back and try again.";
        if (problem is not null)
            return Refused(problem);

        return SeeOther(next);

        StatusCodeHttpResult SeeOther(string url)
        {
            context.Response.Headers.Location = url;
            return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
        }

        RazorComponentResult<RedirectUriRefusedPage> Refused(string why) => new(new { Problem = why, ClientId = clientId })
        {
            StatusCode = StatusCodes.Status400BadRequest,
        };
    }
}
