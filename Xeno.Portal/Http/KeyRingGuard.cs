using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;

namespace Xeno.Portal.Http;

/// <summary>
/// Looks at the stored keys before the portal serves. A key that no certificate of the settings opens ends the start: the framework would
/// go on with a new key, so that everybody is signed out and no Client Secret can be revealed. And where a certificate is new, a key is
/// created for it now instead of in up to 90 days.
/// </summary>
internal sealed class KeyRingGuard(
    IOptions<KeyManagementOptions> options, KeyCertificates certificates, IKeyManager keys, TimeProvider time) : IHostedLifecycleService
{
    // As long as the framework leaves a new key unused, so that every node has read it by then.
    private static readonly TimeSpan s_untilUsed = TimeSpan.FromDays(2);

    /// <exception cref="OptionsValidationException">A stored key cannot be read.</exception>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        var stored = options.Value.XmlRepository!.GetAllElements();
        if (stored.Select(certificates.MissingFor).OfType<string>().FirstOrDefault() is { } missing)
            throw new OptionsValidationException(KeysOptions.Section, typeof(KeysOptions),
            [
                $"Keys:Certificate or Keys:PreviousCertificates must name the PFX file of the certificate {missing}, "
                + "because keys in the database are encrypted to it.",
            ]);

        // The first key of an empty ring is created by the framework.
        if (certificates.Protect && stored.Count > 0 && !stored.Any(certificates.HasEncrypted))
        {
            var from = time.GetUtcNow() + s_untilUsed;
            keys.CreateNewKey(from, from + options.Value.NewKeyLifetime);
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
