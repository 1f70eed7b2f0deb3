using OpenIddict.Core;
using OpenIddict.Server;
using Xeno.Portal.Data.Apps;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Introspect;

/// <summary>RFC 7662 §2.1: the caller authenticates, so an app without a secret cannot introspect.</summary>
internal sealed class IntrospectWithSecretOnly(OpenIddictApplicationManager<RegisteredApp> clients)
    : IOpenIddictServerHandler<ValidateIntrospectionRequestContext>
{
    public async ValueTask HandleAsync(ValidateIntrospectionRequestContext context)
    {
        if (await clients.HasClientTypeAsync((await clients.FindByClientIdAsync(context.ClientId!))!, ClientTypes.Public))
            context.Refuse(Errors.InvalidClient, OAuthErrors.AuthenticationNeeded);
    }
}
