using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace Xeno.Portal.Apps;

/// <summary>The encrypted copy of a Client Secret for the button "Reveal"; never used to authenticate (decision 0005).</summary>
public sealed class ClientSecretVault(IDataProtectionProvider protection, IOptions<AppsOptions> options)
{
    /// <summary>The encrypted copy; null when <c>Apps:KeepSecretsRevealable</c> is false.</summary>
    public string? Lock(string clientId, string secret) => options.Value.KeepSecretsRevealable ? For(clientId).Protect(secret) : null;

    /// <summary>The secret; null when there is no copy, or when its key was lost. Then the developer must rotate the secret.</summary>
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

    // The Client ID is part of the purpose: a copy that is moved to another app's row cannot be decrypted.
    private IDataProtector For(string clientId) => protection.CreateProtector("Xeno.Portal.Apps.ClientSecret", clientId);
}
