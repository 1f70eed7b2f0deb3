using Microsoft.AspNetCore.WebUtilities;
using OpenIddict.Server;
using Xeno.Portal.Http;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Authorize;

/// <summary>
/// RFC 6749 §4.1.2, §4.1.2.1 and RFC 9207: once client and redirect URI are certain, every answer goes to the redirect URI as a query:
/// <c>code</c>, or the error of any check, with <c>state</c> unchanged and <c>iss</c>. The engine would not send errors of its checks
/// there.
/// </summary>
internal sealed class AnswerToRedirectUri(PublicOrigin origin) : IOpenIddictServerHandler<ApplyAuthorizationResponseContext>
{
    public ValueTask HandleAsync(ApplyAuthorizationResponseContext context)
    {
        var http = context.Http();
        var facts = http.Features.Get<AuthorizationRequestFacts>();
        if (facts?.TrustedRedirectUri is not { } redirectUri)
        {
            context.RedirectUri = null;
            return ValueTask.CompletedTask;
        }

        context.RedirectUri = redirectUri;
        context.Response.State = facts.Parameters.ReturnableState;
        context.Response.Iss = origin.For(http.Request);

        var parameters = context.Response.GetParameters()
            .Select(parameter => KeyValuePair.Create(parameter.Key, (string?)parameter.Value))
            .Where(parameter => !string.IsNullOrEmpty(parameter.Value));
        http.Response.Headers.Location = QueryHelpers.AddQueryString(redirectUri, parameters);
        http.Response.Headers.CacheControl = "no-store";

        // 303 makes the browser continue with GET. After 307 it would post the consent form to the app.
        http.Response.StatusCode = HttpMethods.IsPost(http.Request.Method) ? StatusCodes.Status303SeeOther : StatusCodes.Status302Found;
        context.HandleRequest();
        return ValueTask.CompletedTask;
    }
}
