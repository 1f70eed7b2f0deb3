using OpenIddict.Core;
using OpenIddict.Server;
using Xeno.Portal.Data.Apps;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Token;

/// <summary>A suspended app gets no token until it is resumed; only the authenticated app itself gets this answer.</summary>
internal sealed class NoTokenForSuspendedApp(OpenIddictApplicationManager<RegisteredApp> clients)
    : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public async ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        var app = await clients.FindByClientIdAsync(context.ClientId!, context.CancellationToken);
        if (app?.SuspendedAt is not null)
            context.Refuse(Errors.UnauthorizedClient, OAuthErrors.AppSuspended);
    }
}
