using Microsoft.AspNetCore;
using OpenIddict.Server;
using Xeno.Portal.Http;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules;

/// <summary>
/// Every error carries a sentence of ours and an <c>error_uri</c> that exists. The few refusals that the engine words itself are told by the
/// id at the end of its <c>error_uri</c>; those addresses have been dead for years.
/// </summary>
internal sealed class ErrorsAreExplained<TContext>(PublicOrigin origin) : IOpenIddictServerHandler<TContext> where TContext : BaseRequestContext
{
    public ValueTask HandleAsync(TContext context)
    {
        var response = context.Transaction.Response!;
        if (response.Error is null)
            return ValueTask.CompletedTask;

        if (response.ErrorUri is { } engineUri)
            response.ErrorDescription = InOurWords(engineUri[(engineUri.LastIndexOf('/') + 1)..]);

        var http = context.Transaction.GetHttpRequest()!.HttpContext;
        var anchor = http.Features.Get<AuthorizationRequestFacts>()?.RefusalAnchor ?? response.Error;
        response.ErrorUri = origin.For(http.Request) + PortalUrls.DocsError(anchor);
        OAuthMetrics.Refused(ProtocolEndpointGuard.NameOf(http.Request.Path), response.Error);

        if (context is ApplyAuthorizationResponseContext)
            return ValueTask.CompletedTask;

        response["request_id"] = http.TraceIdentifier;
        if (response.Error == Errors.InvalidClient)
        {
            // RFC 6749 5.2, RFC 9110 11.6.1: a 401 names the scheme, in whichever way the client tried to authenticate.
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"Xeno\", charset=\"UTF-8\"";
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>The engine's id for a secret that is not the client's.</summary>
    internal const string WrongSecret = "ID2055";

    private static string InOurWords(string engineId) => engineId switch
    {
        "ID2052" => OAuthErrors.UnknownClient,
        "ID2053" => OAuthErrors.SecretNotWanted,
        WrongSecret => OAuthErrors.WrongSecret,
        "ID2198" => OAuthErrors.MissingSecret,
        "ID2001" or "ID2004" => OAuthErrors.UnknownCode,
        _ => OAuthErrors.Unexpected,
    };
}
