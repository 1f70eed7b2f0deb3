using Microsoft.AspNetCore;
using Microsoft.AspNetCore.WebUtilities;
using OpenIddict.Server;
using Xeno.Portal.Http;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules;

/// <summary>
/// RFC 6749 §4.1.2, §4.1.2.1 and RFC 9207: once client and redirect URI are certain, every answer goes to that redirect URI's query, errors
/// included whichever check found them, with <c>state</c> unchanged and <c>iss</c>. The engine keeps validation errors to itself.
/// </summary>
internal sealed class AnswersGoToTheTrustedRedirectUri(PublicOrigin origin) : IOpenIddictServerHandler<ApplyAuthorizationResponseContext>
{
    public ValueTask HandleAsync(ApplyAuthorizationResponseContext context)
    {
        var http = context.Transaction.GetHttpRequest()!.HttpContext;
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

        // 303 turns the consent form's POST into a GET: a 307 or a careless 302 would carry the form on to the app.
        http.Response.StatusCode = HttpMethods.IsPost(http.Request.Method) ? StatusCodes.Status303SeeOther : StatusCodes.Status302Found;
        context.HandleRequest();
        return ValueTask.CompletedTask;
    }
}
