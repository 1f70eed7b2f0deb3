using System.Security.Cryptography;

namespace Xeno.Portal.Apps;

/// <summary>Makes the identifiers of RFC 6749 §2.2 and §2.3.1. The prefixes let a person, or a scanner for leaked secrets, tell what is what.</summary>
public static class ClientCredentials
{
    public static string NewClientId() => "xa_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));

    /// <summary>256 random bits: as such as strong as a key, so a fast hash is enough to store it.</summary>
    public static string NewSecret() => "xs_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
}
