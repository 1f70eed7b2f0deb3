using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace Xeno.Portal.Apps;

/// <summary>The readable copy of a Client Secret behind "Reveal": encrypted for one app, never used to authenticate (decision 0005).</summary>
public sealed class ClientSecretVault(IDataProtectionProvider protection, IOptions<AppsOptions> options)
{
    /// <summary>The encrypted copy, or null when the operator wants none kept.</summary>
    public string? Lock(string clientId, string secret) => options.Value.KeepSecretsRevealable ? For(clientId).Protect(secret) : null;

    /// <summary>The secret, or null when there is no copy or its key is gone: then only a rotation helps.</summary>
    public string? Open(string clientId, string? locked)
    {
        try
        {
            return locked is null ? null : For(clientId).Unprotect(locked);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    // Bound to the app: a copy moved to another row does not open there.
    private IDataProtector For(string clientId) => protection.CreateProtector("Xeno.Portal.Apps.ClientSecret", clientId);
}
