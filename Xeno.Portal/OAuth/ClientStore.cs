using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using OpenIddict.EntityFrameworkCore;
using Xeno.Portal.Data.Apps;
using Xeno.Portal.Data.OAuth;

namespace Xeno.Portal.OAuth;

/// <summary>
/// The engine's store of clients, with one way of its own: the app of a protocol request is read once a request, by one statement, however
/// often the engine asks for it.
/// </summary>
internal sealed class ClientStore(
    ClientLookup clients, IMemoryCache cache, IOpenIddictEntityFrameworkCoreContext context, IOptionsMonitor<OpenIddictEntityFrameworkCoreOptions> options)
    : OpenIddictEntityFrameworkCoreApplicationStore<RegisteredApp, AuthorizationGrant, IssuedToken, string>(cache, context, options)
{
    private (string ClientId, RegisteredApp? App)? _found;

    /// <inheritdoc />
    public override async ValueTask<RegisteredApp?> FindByClientIdAsync(string identifier, CancellationToken cancellationToken)
    {
        if (_found is not var (clientId, app) || clientId != identifier)
            _found = (identifier, app = await clients.FindAsync(identifier));
        return app;
    }
}
