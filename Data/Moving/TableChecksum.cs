using System.Buffers;
using System.Buffers.Binary;
using System.Collections;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Xeno.Portal.Data.Moving;

/// <summary>
/// Count and checksum of a table's rows, independent of their order: the sum, modulo 2^128, of the SHA-256 of a canonical text of each row.
/// Instants are compared in microseconds, the precision of PostgreSQL.
/// </summary>
internal sealed class TableChecksum
{
    private readonly ArrayBufferWriter<byte> _text = new(4096);
    private UInt128 _sum;

    public long Rows { get; private set; }

    public string Sum => _sum.ToString("x32", CultureInfo.InvariantCulture);

    public void Add(ReadOnlySpan<object?> row)
    {
        _text.ResetWrittenCount();
        foreach (var value in row)
            Append(value);

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_text.WrittenSpan, hash);
        _sum = unchecked(_sum + BinaryPrimitives.ReadUInt128BigEndian(hash));
        Rows++;
    }

    private static readonly HashSet<Type> s_supported =
    [
        typeof(string), typeof(byte[]), typeof(bool), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(int), typeof(long),
        typeof(uint),
    ];

    /// <summary>Whether a value of that type has a canonical text.</summary>
    public static bool Supports(Type type)
        => type.IsEnum || s_supported.Contains(type) || typeof(IEnumerable<string>).IsAssignableFrom(type);

    // The length of each value stands before it, so that two different rows never have the same text; null is -1.
    private void Append(object? value)
    {
        switch (value)
        {
            case null:
                Append(-1);
                break;
            case string text:
                Append(text);
                break;
            case byte[] bytes:
                Append(Convert.ToHexStringLower(bytes));
                break;
            case IEnumerable list:
                foreach (var item in list)
                    Append(item);
                Append(-2);
                break;
            default:
                Append(Text(value));
                break;
        }
    }

    private static string Text(object value) => value switch
    {
        DateTimeOffset instant => Microseconds(instant.UtcTicks),
        DateTime utc => Microseconds(utc.Ticks),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        bool yes => yes ? "true" : "false",
        _ => throw new NotSupportedException($"A {value.GetType()} has no canonical text."),
    };

    private static string Microseconds(long ticks) => (ticks / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture);

    private void Append(string text)
    {
        Append(Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, _text);
    }

    private void Append(int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(_text.GetSpan(sizeof(int)), length);
        _text.Advance(sizeof(int));
    }
}
