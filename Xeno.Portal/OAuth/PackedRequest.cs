using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Xeno.Portal.OAuth;

/// <summary>
/// An authorization request as an address that stays short. On the way through log-in the request is the value of a parameter of another
/// address, which percent-encodes it a second time: 4,096 bytes of <c>state</c> would grow to 20,000 characters, more than proxies and
/// servers take. So a long request is compressed into one parameter of letters, digits, <c>-</c> and <c>_</c>, which nothing encodes again.
/// </summary>
internal static class PackedRequest
{
    public const string Parameter = "packed";

    // In characters. A shorter request stays readable.
    private const int LongestReadable = 2000;

    // In bytes. All parameters at their limits, in the worst spelling, are shorter.
    private const int LongestQuery = 64 * 1024;

    private const int ChecksumLength = 8;

    /// <summary>The authorize address with these parameters, packed where it would be long.</summary>
    public static string Url(IEnumerable<KeyValuePair<string, string?>> parameters)
    {
        var url = QueryHelpers.AddQueryString(PortalUrls.Authorize, parameters);
        return url.Length <= LongestReadable
            ? url
            : $"{PortalUrls.Authorize}?{Parameter}={Pack(Encoding.ASCII.GetBytes(url[(PortalUrls.Authorize.Length + 1)..]))}";
    }

    /// <summary>
    /// The query that the address stands for: <paramref name="query"/> itself, unless it is packed. Null: it is packed, and it was cut or
    /// changed since.
    /// </summary>
    /// <param name="query">A query without its question mark.</param>
    public static byte[]? Query(string query)
    {
        const string start = Parameter + "=";
        if (!query.StartsWith(start, StringComparison.Ordinal))
            return Encoding.UTF8.GetBytes(query);

        // Programs that pass a link on may add parameters of their own. Those are unknown here, and ignored.
        var end = query.IndexOf('&', StringComparison.Ordinal);
        if (Unpack(query[start.Length..(end < 0 ? query.Length : end)]) is { } unpacked)
            return unpacked;

        // An app may send a parameter of this name for itself; it is ignored too.
        return query.Contains("&client_id=", StringComparison.Ordinal) ? Encoding.UTF8.GetBytes(query) : null;
    }

    private static string Pack(byte[] query)
    {
        using var packed = new MemoryStream();
        using (var compress = new BrotliStream(packed, CompressionLevel.Fastest))
        {
            compress.Write(Checksum(query));
            compress.Write(query);
        }

        return WebEncoders.Base64UrlEncode(packed.ToArray());
    }

    private static ReadOnlySpan<byte> Checksum(ReadOnlySpan<byte> query) => SHA256.HashData(query).AsSpan(0, ChecksumLength);

    private static byte[]? Unpack(string packed)
    {
        try
        {
            using var compressed = new MemoryStream(WebEncoders.Base64UrlDecode(packed));
            using var decompress = new BrotliStream(compressed, CompressionMode.Decompress);
            var unpacked = new byte[ChecksumLength + LongestQuery];
            var length = decompress.ReadAtLeast(unpacked, unpacked.Length, throwOnEndOfStream: false);
            if (length is < ChecksumLength || decompress.ReadByte() >= 0)
                return null;

            // A truncated value still decompresses in part; the checksum refuses it, or the app would get a truncated state.
            var query = unpacked[ChecksumLength..length];
            return Checksum(query).SequenceEqual(unpacked.AsSpan(0, ChecksumLength)) ? query : null;
        }
        catch (Exception damaged) when (damaged is FormatException or InvalidOperationException or InvalidDataException)
        {
            return null;
        }
    }
}
