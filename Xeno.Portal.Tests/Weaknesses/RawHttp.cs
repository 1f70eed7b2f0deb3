using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Xeno.Portal.Tests.Weaknesses;

/// <summary>HTTP/1.1 by hand, for requests that no client would send and answers that no client would show as they came. One connection each.</summary>
internal sealed class RawHttp(string origin)
{
    private readonly Uri _origin = new(origin);

    public string Origin => origin;

    public string Authority => _origin.Authority;

    /// <summary>Sends the bytes and reads until the server closes; null when it closed without an answer.</summary>
    /// <param name="isAll">Tells the server that nothing follows, so that it does not wait for the rest of what is no whole request.</param>
    public async Task<RawAnswer?> SendAsync(byte[] request, CancellationToken cancellationToken, bool isAll = false)
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
            while (await socket.ReceiveAsync(buffer, cancellationToken) is var count and > 0)
                answer.Write(buffer, 0, count);
        }
        catch (SocketException)
        {
            // The server has seen enough and closed; what it said before counts.
        }

        return RawAnswer.Parse(answer.ToArray());
    }

    /// <summary>The same, for text; each character is one byte.</summary>
    public Task<RawAnswer?> SendAsync(string request, CancellationToken cancellationToken, bool isAll = false)
        => SendAsync(Encoding.Latin1.GetBytes(request), cancellationToken, isAll);
}

/// <summary>An answer as it came.</summary>
/// <param name="Head">The header lines, without the status line.</param>
internal sealed record RawAnswer(int Status, IReadOnlyList<string> Head, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The values of a header.</summary>
    public IEnumerable<string> Values(string name)
        => Head.Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 1)..].Trim());

    public string? this[string name] => Values(name).FirstOrDefault();

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
            if (line < 0 || !int.TryParse(Encoding.ASCII.GetString(body, at, line), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var length) || length == 0)
                break;
            at += line + 2;
            whole.Write(body, at, Math.Min(length, body.Length - at));
            at += length + 2;
        }

        return whole.ToArray();
    }
}
