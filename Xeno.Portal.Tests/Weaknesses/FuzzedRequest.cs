using System.Text;

namespace Xeno.Portal.Tests.Weaknesses;

/// <summary>One generated request, as it goes over the wire.</summary>
/// <param name="Seed">The state of the generator before it made this request; it makes the same request again.</param>
/// <param name="Target">Path and query, percent-encoded or not, each character one byte.</param>
/// <param name="Body">Null: no body and no Content-Length.</param>
internal sealed record FuzzedRequest(
    string Seed, string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, string? Body)
{
    public byte[] ToBytes()
    {
        var text = new StringBuilder($"{Method} {Target} HTTP/1.1\r\n");
        foreach (var (name, value) in Headers)
            text.Append(name).Append(": ").Append(value).Append("\r\n");
        if (Body is not null)
            text.Append("Content-Length: ").Append(Body.Length).Append("\r\n");
        text.Append("Connection: close\r\n\r\n").Append(Body);
        return Encoding.Latin1.GetBytes(text.ToString());
    }

    /// <summary>The whole request, readable: what is not printable ASCII stands as \xNN.</summary>
    public override string ToString() => $"seed {Seed}\n" + string.Concat(Encoding.Latin1.GetString(ToBytes())
        .Select(c => c is '\n' or (>= ' ' and <= '~') ? c.ToString() : c == '\r' ? "" : $"\\x{(int)c:x2}"));
}
