using System.Security.Cryptography;
using System.Text;

namespace Xeno.Portal.Data.OAuth;

/// <summary>Codes and tokens are not stored: their rows are found by this hash.</summary>
public static class TokenHash
{
    /// <summary>SHA-256 of the value's UTF-8 bytes, in Base64: what <c>IssuedToken.ReferenceId</c> holds.</summary>
    public static string Of(string value)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(value), hash);
        return Convert.ToBase64String(hash);
    }
}
