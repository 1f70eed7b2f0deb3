using OpenIddict.Core;
using OpenIddict.Server;
using Xeno.Portal.Data.Apps;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Introspect;

/// <summary>
/// RFC 7662 §2.1: the caller authenticates, so an app without a secret cannot introspect. Stands before the token is looked for, so the
/// answer does not show whether there is such a token.
/// </summary>
internal sealed class IntrospectWithSecretOnly(OpenIddictApplicationManager<RegisteredApp> clients)
    : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (context.EndpointType is OpenIddictServerEndpointType.Introspection
            && await clients.HasClientTypeAsync((await clients.FindByClientIdAsync(context.ClientId!))!, ClientTypes.Public))
            context.Refuse(Errors.InvalidClient, OAuthErrors.AuthenticationNeeded);
    }
}
