using Microsoft.AspNetCore;
using OpenIddict.Core;
using OpenIddict.Server;
using Xeno.Portal.Data.Apps;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules;

/// <summary>
/// RFC 6749 §4.1.2.1, RFC 9700 §4.1: before anything else is judged, and before anyone is asked to log in, the client must be known and the
/// redirect URI registered for it. Until both are certain nothing is redirected anywhere.
/// </summary>
internal sealed class ClientAndRedirectUriComeFirst(OpenIddictApplicationManager<RegisteredApp> clients)
    : IOpenIddictServerHandler<ExtractAuthorizationRequestContext>
{
    /// <summary>Paragraphs of the errors page for the two refusals that never reach the app.</summary>
    public const string UnknownClient = "unknown-client", UnregisteredRedirectUri = "unregistered-redirect-uri";

    public async ValueTask HandleAsync(ExtractAuthorizationRequestContext context)
    {
        var facts = AuthorizationRequestFacts.Of(context.Transaction.GetHttpRequest()!.HttpContext);
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

        facts.RegisteredRedirectUris = await clients.GetRedirectUrisAsync(facts.App, context.CancellationToken);
        if (parameters.FlawOf(Parameters.RedirectUri) is { } flaw)
            Refuse(Errors.InvalidRequest, flaw, UnregisteredRedirectUri);
        else if (!parameters.Values.TryGetValue(Parameters.RedirectUri, out var sent))
        {
            if (facts.RegisteredRedirectUris is [var only])
                facts.TrustedRedirectUri = only;
            else
                Refuse(Errors.InvalidRequest,
                    facts.RegisteredRedirectUris.Count == 0 ? OAuthErrors.NoRedirectUriRegistered : OAuthErrors.MissingRedirectUri, UnregisteredRedirectUri);
        }
        else if (await clients.ValidateRedirectUriAsync(facts.App, sent, context.CancellationToken))
            facts.TrustedRedirectUri = sent;
        else
            Refuse(Errors.InvalidRequest, OAuthErrors.UnregisteredRedirectUri, UnregisteredRedirectUri);

        void Refuse(string error, string description, string anchor)
        {
            facts.RefusalAnchor = anchor;
            context.Reject(error, description);
        }
    }
}
