using OpenIddict.Core;
using OpenIddict.Server;
using Xeno.Portal.Data.Apps;
using Xeno.Portal.Data.Sessions;
using Xeno.Portal.Telemetry;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Authorize;

/// <summary>
/// RFC 6749 §4.1.2.1, RFC 9700 §4.1: <c>client_id</c> and <c>redirect_uri</c> are judged first, before anyone is asked to log in. An
/// unknown client or an unregistered redirect URI never redirects anywhere. A redirect URI that was left out is the app's only registered
/// one.
/// </summary>
internal sealed class ClientAndRedirectUriFirst(OpenIddictApplicationManager<RegisteredApp> clients, TokenLimit tokenLimit)
    : IOpenIddictServerHandler<ExtractAuthorizationRequestContext>
{
    // Paragraphs of the errors page for the two refusals that never reach the app.
    private const string UnknownClient = "unknown-client", UnregisteredRedirectUri = "unregistered-redirect-uri";

    private const string RegisteredOne = "one of the app's redirect URIs";

    public async ValueTask HandleAsync(ExtractAuthorizationRequestContext context)
    {
        var facts = AuthorizationRequestFacts.Of(context.Http());
        var parameters = facts.Parameters;

        if (!parameters.Values.TryGetValue(Parameters.ClientId, out var clientId))
        {
            Refuse(Errors.InvalidRequest, parameters.FlawOf(Parameters.ClientId) ?? OAuthErrors.MissingClientId, UnknownClient);
            return;
        }

        facts.App = await clients.FindByClientIdAsync(clientId, context.CancellationToken);
        if (facts.App is null)
        {
            Refuse(Errors.InvalidClient, OAuthErrors.UnknownClient, UnknownClient);
            return;
        }

        context.Http().Facts().ClientId = clientId;
        context.Http().Features.Set(new HeldScopesQuery(
            facts.App.Id!, facts.App.TokenGeneration, tokenLimit.MostWithSession)); // Read with the session, by one statement.
        facts.RegisteredRedirectUris = await clients.GetRedirectUrisAsync(facts.App, context.CancellationToken);
        if (parameters.FlawOf(Parameters.RedirectUri) is { } flaw)
            Refuse(Errors.InvalidRequest, flaw, UnregisteredRedirectUri);
        else if (!parameters.Values.TryGetValue(Parameters.RedirectUri, out var sent))
        {
            if (facts.RegisteredRedirectUris is [var only])
                facts.TrustedRedirectUri = only;
            else
                Refuse(Errors.InvalidRequest,
                    facts.RegisteredRedirectUris.Count == 0 ? OAuthErrors.NoRedirectUriRegistered : OAuthErrors.MissingRedirectUri,
                    UnregisteredRedirectUri);
        }
        else if (await clients.ValidateRedirectUriAsync(facts.App, sent, context.CancellationToken))
            facts.TrustedRedirectUri = sent;
        else
            Refuse(
                Errors.InvalidRequest,
                OAuthErrors.UnregisteredRedirectUri(RedirectUriMiss.Explain(facts.RegisteredRedirectUris, sent)),
                UnregisteredRedirectUri, RegisteredOne, sent);

        void Refuse(string error, string description, string paragraph, string? expected = null, string? got = null)
        {
            facts.ErrorParagraph = paragraph;
            context.Refuse(error, description, expected, got);
        }
    }
}
