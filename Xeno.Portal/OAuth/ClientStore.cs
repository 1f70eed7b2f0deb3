using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using OpenIddict.EntityFrameworkCore;
using Xeno.Portal.Data.Apps;
using Xeno.Portal.Data.OAuth;

namespace Xeno.Portal.OAuth;

/// <summary>
/// The engine's store of clients. It reads the app of a protocol request once a request, by one statement, however often the engine asks
/// for it. That instance holds only some columns, so it is never saved: create, update and delete throw for it.
/// </summary>
internal sealed class ClientStore(
    ClientLookup clients, IMemoryCache cache, IOpenIddictEntityFrameworkCoreContext context,
    IOptionsMonitor<OpenIddictEntityFrameworkCoreOptions> options)
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

    /// <inheritdoc />
    public override ValueTask CreateAsync(RegisteredApp application, CancellationToken cancellationToken)
    {
        application.EnsureReadInFull();
        return base.CreateAsync(application, cancellationToken);
    }

    /// <inheritdoc />
    public override ValueTask UpdateAsync(RegisteredApp application, CancellationToken cancellationToken)
    {
        application.EnsureReadInFull();
        return base.UpdateAsync(application, cancellationToken);
    }

    /// <inheritdoc />
    public override ValueTask DeleteAsync(RegisteredApp application, CancellationToken cancellationToken)
    {
        application.EnsureReadInFull();
        return base.DeleteAsync(application, cancellationToken);
    }
}
