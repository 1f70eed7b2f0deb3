using System.Text;

namespace Xeno.Portal.OAuth;

/// <summary>
/// Reads <c>application/x-www-form-urlencoded</c> text (a query or a body) and repairs nothing. Bytes that are not UTF-8 are reported,
/// while the framework's own readers would put replacement characters or leave the percent signs.
/// </summary>
public static class FormDecoder
{
    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The name and value pairs in their order. A part that is not UTF-8 is null.</summary>
    public static IEnumerable<(string? Name, string? Value)> Pairs(ReadOnlyMemory<byte> text)
    {
        while (!text.IsEmpty)
        {
            var end = text.Span.IndexOf((byte)'&');
            var pair = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            if (pair.IsEmpty)
                continue;

            var equals = pair.Span.IndexOf((byte)'=');
            yield return equals < 0
                ? (Decode(pair.Span), "")
                : (Decode(pair.Span[..equals]), Decode(pair.Span[(equals + 1)..]));
        }
    }

    /// <summary>One name or value; null when its bytes are not UTF-8. A percent sign without two hex digits stands for itself.</summary>
    public static string? Decode(ReadOnlySpan<byte> encoded)
    {
        var bytes = encoded.Length <= 512 ? stackalloc byte[encoded.Length] : new byte[encoded.Length];
        var length = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            var isEscape = encoded[i] == '%' && i + 2 < encoded.Length
                && char.IsAsciiHexDigit((char)encoded[i + 1]) && char.IsAsciiHexDigit((char)encoded[i + 2]);
            if (isEscape)
            {
                bytes[length++] = (byte)(HexValue(encoded[i + 1]) << 4 | HexValue(encoded[i + 2]));
                i += 2;
            }
            else
                bytes[length++] = encoded[i] == '+' ? (byte)' ' : encoded[i];
        }

        try
        {
            return s_strictUtf8.GetString(bytes[..length]);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
