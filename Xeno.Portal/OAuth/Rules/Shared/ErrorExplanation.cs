using OpenIddict.Server;
using Xeno.Portal.Http;
using Xeno.Portal.Telemetry;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Shared;

/// <summary>
/// RFC 6749 §5.2, §4.1.2.1: every error has an <c>error_description</c> of ours, an <c>error_uri</c> that exists and a <c>request_id</c>;
/// <c>invalid_client</c> has <c>WWW-Authenticate</c>. The engine's own refusals are known by the id at the end of its <c>error_uri</c>,
/// which leads nowhere.
/// </summary>
internal sealed class ErrorExplanation<TContext>(PublicOrigin origin)
    : IOpenIddictServerHandler<TContext> where TContext : BaseRequestContext
{
    public ValueTask HandleAsync(TContext context)
    {
        var response = context.Transaction.Response!;
        if (response.Error is null)
            return ValueTask.CompletedTask;

        // The engine adds an address of its own also to refusals that bring their description.
        if (response.ErrorUri is { } engineUri && engineUri.StartsWith(EngineIds.Documentation, StringComparison.Ordinal))
            response.ErrorDescription = InOurWords(engineUri[(engineUri.LastIndexOf('/') + 1)..]);

        // An error that is redirected has status 302, so the outcome must be noted here. RefusalStatus notes the one of a request too many.
        var http = context.Http();
        var facts = http.Facts();
        (facts.Error, facts.Outcome) = (response.Error, RequestOutcome.Refused);

        var paragraph = http.Features.Get<AuthorizationRequestFacts>()?.ErrorParagraph;
        var error = OAuthError.Of(http, origin, response.Error, response.ErrorDescription ?? OAuthErrors.Unexpected, paragraph);
        foreach (var (name, value) in context is ApplyAuthorizationResponseContext ? error.ForRedirect : error.ForBody)
            response[name] = value;

        // RFC 6749 §5.2, RFC 9110 §11.6.1: a 401 names the scheme, in whichever way the client tried to authenticate.
        if (response.Error == Errors.InvalidClient && context is not ApplyAuthorizationResponseContext)
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"Xeno\", charset=\"UTF-8\"";
        return ValueTask.CompletedTask;
    }

    private static string InOurWords(string engineId) => engineId switch
    {
        EngineIds.UnknownClient => OAuthErrors.UnknownClient,
        EngineIds.SecretNotWanted => OAuthErrors.SecretNotWanted,
        EngineIds.WrongSecret => OAuthErrors.WrongSecret,
        EngineIds.MissingSecret => OAuthErrors.MissingSecret,
        EngineIds.UnknownCode or EngineIds.UnknownToken => OAuthErrors.UnknownCode,
        _ => OAuthErrors.Unexpected,
    };
}
