using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using Xeno.Portal.Data.Apps;

namespace Xeno.Portal.OAuth;

/// <summary>
/// The engine's client manager with three rules of ours. A Client Secret is stored as SHA-256: it has 256 random bits, so a slow hash would
/// protect it no better and cost a thousand times more. After a rotation the previous secret works too. Redirect URIs are compared by
/// <see cref="RedirectUriMatch"/>.
/// </summary>
internal sealed class ClientManager(
    IOpenIddictApplicationCache<RegisteredApp> cache,
    ILogger<OpenIddictApplicationManager<RegisteredApp>> logger,
    IOptionsMonitor<OpenIddictCoreOptions> options,
    IOpenIddictApplicationStore<RegisteredApp> store)
    : OpenIddictApplicationManager<RegisteredApp>(cache, logger, options, store)
{
    /// <inheritdoc />
    public override ValueTask<bool> ValidateClientSecretAsync(
        RegisteredApp application, string secret, CancellationToken cancellationToken = default)
    {
        // Always both, in constant time: the time of the answer must not show which secret it was.
        var isCurrent = Matches(secret, application.ClientSecret);
        var isPrevious = Matches(secret, application.PreviousSecretHash);
        return ValueTask.FromResult(isCurrent | isPrevious);
    }

    /// <inheritdoc />
    public override ValueTask<bool> ValidateRedirectUriAsync(
        RegisteredApp application, string uri, CancellationToken cancellationToken = default)
        => IsRegisteredAsync(application, uri, cancellationToken);

    /// <inheritdoc />
    protected override ValueTask<string> ObfuscateClientSecretAsync(string secret, CancellationToken cancellationToken = default)
        => ValueTask.FromResult(Hash(secret));

    private async ValueTask<bool> IsRegisteredAsync(RegisteredApp application, string uri, CancellationToken cancellationToken)
        => (await Store.GetRedirectUrisAsync(application, cancellationToken)).Any(registered => RedirectUriMatch.Matches(registered, uri));

    private static bool Matches(string secret, string? hash)
        => hash is not null
           && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash(secret)), Encoding.ASCII.GetBytes(hash));

    private static string Hash(string secret) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
