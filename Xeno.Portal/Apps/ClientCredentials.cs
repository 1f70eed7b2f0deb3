using System.Security.Cryptography;

namespace Xeno.Portal.Apps;

/// <summary>
/// Creates the credentials of RFC 6749 §2.2 and §2.3.1. The prefixes (<c>xa_</c>, <c>xs_</c>) let people, and scanners for leaked secrets,
/// recognize them.
/// </summary>
public static class ClientCredentials
{
    public static string NewClientId() => "xa_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));

    /// <summary>256 random bits, which cannot be guessed, so a fast hash is enough to store the secret.</summary>
    public static string NewSecret() => "xs_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
}
