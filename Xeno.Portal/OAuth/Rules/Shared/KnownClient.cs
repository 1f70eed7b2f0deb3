using OpenIddict.Server;
using Xeno.Portal.Telemetry;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Xeno.Portal.OAuth.Rules.Shared;

/// <summary>
/// Notes the client once it is known to exist, so that a refused request, for instance with a wrong secret, is found by its app.
/// </summary>
internal sealed class KnownClient : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    public ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        context.Http().Facts().ClientId = context.ClientId;
        return ValueTask.CompletedTask;
    }
}
