using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Xeno.Portal.Tests.Support;

/// <summary>
/// HTTP/1.1 written and read by hand, for requests that no client library sends and answers that no client library shows unchanged. One
/// connection for each request.
/// </summary>
internal sealed class RawHttp(string origin)
{
    private readonly Uri _origin = new(origin);

    public string Origin => origin;

    public string Authority => _origin.Authority;

    /// <summary>Sends the bytes and reads until the server closes; null when it closed without an answer.</summary>
    /// <param name="isAll">
    /// Ends the client's side of the connection, so that the server does not wait for the rest of an incomplete request. The server may
    /// take this as a lost client and answer nothing, even to a valid request.
    /// </param>
    public Task<RawAnswer?> SendAsync(byte[] request, CancellationToken cancellationToken, bool isAll = false)
        => ExchangeAsync(request, isAll, _ => false, cancellationToken);

    /// <summary>The same for text, in which each character is one byte.</summary>
    public Task<RawAnswer?> SendAsync(string request, CancellationToken cancellationToken, bool isAll = false)
        => SendAsync(Encoding.Latin1.GetBytes(request), cancellationToken, isAll);

    /// <summary>
    /// Sends the bytes, keeps the connection open, and reads one complete answer; null only when the server itself closed without one.
    /// </summary>
    public Task<RawAnswer?> AskAsync(byte[] request, CancellationToken cancellationToken)
        => ExchangeAsync(request, isAll: false, RawAnswer.IsWhole, cancellationToken);

    private async Task<RawAnswer?> ExchangeAsync(
        byte[] request, bool isAll, Func<byte[], bool> isEnough, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(_origin.Host, _origin.Port, cancellationToken);
        using var answer = new MemoryStream();
        try
        {
            for (var sent = 0; sent < request.Length;)
                sent += await socket.SendAsync(request.AsMemory(sent), cancellationToken);
            if (isAll)
                socket.Shutdown(SocketShutdown.Send);
            var buffer = new byte[16 * 1024];
            while (!isEnough(answer.ToArray()) && await socket.ReceiveAsync(buffer, cancellationToken) is var count and > 0)
                answer.Write(buffer, 0, count);
        }
        catch (SocketException)
        {
            // The server closed the connection before it read everything. Its answer before that counts.
        }

        return RawAnswer.Parse(answer.ToArray());
    }
}

/// <summary>An answer, unchanged.</summary>
/// <param name="Head">The header lines, without the status line.</param>
internal sealed record RawAnswer(int Status, IReadOnlyList<string> Head, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The values of a header.</summary>
    public IEnumerable<string> Values(string name)
        => Head.Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
            .Select(line => line[(name.Length + 1)..].Trim());

    public string? this[string name] => Values(name).FirstOrDefault();

    /// <summary>Whether these bytes are a complete answer by its framing (RFC 9112 section 6.3).</summary>
    public static bool IsWhole(byte[] bytes)
    {
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        var body = bytes.AsSpan(end + 4);
        var answer = Parse(bytes)!;
        if (answer["Transfer-Encoding"] == "chunked")
            return body.EndsWith("0\r\n\r\n"u8);
        return answer["Content-Length"] is { } length && body.Length >= int.Parse(length, CultureInfo.InvariantCulture);
    }

    public static RawAnswer? Parse(byte[] bytes)
    {
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return null;

        var lines = Encoding.Latin1.GetString(bytes, 0, end).Split("\r\n");
        var answer = new RawAnswer(int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), lines[1..], bytes[(end + 4)..]);
        return answer["Transfer-Encoding"] == "chunked" ? answer with { Body = WithoutChunks(answer.Body) } : answer;
    }

    private static byte[] WithoutChunks(byte[] body)
    {
        using var whole = new MemoryStream();
        for (var at = 0; at < body.Length;)
        {
            var line = body.AsSpan(at).IndexOf("\r\n"u8);
            if (line < 0)
                break;
            var size = Encoding.ASCII.GetString(body, at, line);
            if (!int.TryParse(size, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var length) || length == 0)
                break;
            at += line + 2;
            whole.Write(body, at, Math.Min(length, body.Length - at));
            at += length + 2;
        }

        return whole.ToArray();
    }
}
