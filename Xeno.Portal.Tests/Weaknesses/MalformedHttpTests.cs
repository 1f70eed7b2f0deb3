using System.Collections.Concurrent;
using System.Text;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Weaknesses;

/// <summary>
/// Invalid HTTP/1.1, and requests that can be read in two ways (request smuggling), are refused or the connection is closed. The portal
/// goes on. The test keeps the connection open while it reads: a server whose client has closed does not answer even a valid request.
/// </summary>
[Trait("Category", "Fast")]
public sealed class MalformedHttpTests(ListeningPortal portal) : IClassFixture<ListeningPortal>
{
    private const string Form = "Content-Type: application/x-www-form-urlencoded\r\n";

    private static readonly string[] s_paths = ["/oauth/token", "/oauth/authorize", "/account/login", "/nothing"];

    private readonly RawHttp _raw = new(portal.Origin);

    private string Host => $"Host: {_raw.Authority}\r\n";

    [Fact]
    public async Task A_request_that_cannot_be_read_is_refused_or_the_connection_closed()
    {
        byte[][] sent = [.. RequestLines(Host).Concat(Heads(Host)).Concat(Bodies(Host)).Select(Encoding.Latin1.GetBytes), .. Noise(300)];
        var wrong = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(sent, TestContext.Current.CancellationToken, async (request, cancellation) =>
        {
            var answer = await _raw.AskAsync(request, cancellation);

            // 501 and 505: the server does not support the method or the version.
            if (answer is not (null or { Status: (>= 400 and < 500) or 501 or 505 }))
                wrong.Enqueue($"{answer.Status} for {Encoding.Latin1.GetString(request, 0, Math.Min(300, request.Length))}");
        });

        Assert.True(sent.Length > 400);
        Assert.Empty(wrong);
        await ShouldStillServeAsync();
    }

    [Fact]
    public async Task A_request_that_ends_too_early_is_not_served()
    {
        string[] halves =
        [
            "", "GET", "GET ", "GET /", "GET / HTTP", "GET / HTTP/1.1", "GET / HTTP/1.1\r\n", $"GET / HTTP/1.1\r\n{Host}",
            .. from path in s_paths
               from body in (string[])["", "\r\n", "5\r\nabc", "1\r\na\r\n"]
               select $"POST {path} HTTP/1.1\r\n{Host}{Form}Transfer-Encoding: chunked\r\n\r\n{body}",
        ];
        foreach (var half in halves)
        {
            var answer = await _raw.SendAsync(half, TestContext.Current.CancellationToken, isAll: true);

            Assert.True(answer is null or { Status: >= 400 and < 500 }, $"{answer?.Status} for {half}");
        }

        await ShouldStillServeAsync();
    }

    [Fact]
    public async Task A_second_request_hidden_in_a_body_is_not_answered()
    {
        var hidden = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";

        // The client keeps its side open, so the server itself must close after the first answer (RFC 9112 section 6.1).
        var answer = await _raw.SendAsync(
            $"POST /oauth/token HTTP/1.1\r\n{Host}{Form}Content-Length: {hidden.Length + 5}\r\n"
            + $"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n{hidden}",
            TestContext.Current.CancellationToken);

        Assert.True(answer is { Status: >= 400 and < 500 }, $"{answer?.Status}");
        Assert.DoesNotContain("HTTP/1.1", answer!.Text, StringComparison.Ordinal);
        await ShouldStillServeAsync();
    }

    /// <summary>The control: a valid request that is sent in the same way is served, and the portal logged no error.</summary>
    private async Task ShouldStillServeAsync()
    {
        var served = await _raw.AskAsync(Encoding.Latin1.GetBytes($"GET / HTTP/1.1\r\n{Host}\r\n"), TestContext.Current.CancellationToken);
        Assert.Equal(200, served?.Status);
        Assert.Contains("</html>", served!.Text, StringComparison.Ordinal);

        // Kestrel logs an error when it cannot read the next request of a connection; this is no error of the portal.
        Assert.DoesNotContain(portal.Log.Text.Split('\n'), line =>
            (line.StartsWith("Error ", StringComparison.Ordinal) || line.StartsWith("Critical ", StringComparison.Ordinal))
            && !line.Contains("automatic draining of the request body failed", StringComparison.Ordinal));
    }

    // Not listed: what a server may accept, a bare LF at the end of a line (RFC 9112 section 2.2) and a tab between words (section 3).
    private static IEnumerable<string> RequestLines(string host)
    {
        foreach (var line in new[]
                 {
                     "", "GET", "GET ", "GET /", "GET / ", "GET / HTTP", "GET / HTTP/", "GET / HTTP/1", "GET / HTTP/1.", "GET / HTTP/9.9",
                     "GET / HTTP/1.1 x", "GET  / HTTP/1.1", " GET / HTTP/1.1",
                     "G\0T / HTTP/1.1", "G(T / HTTP/1.1", "GÉT / HTTP/1.1", "GET /\0 HTTP/1.1", "GET /%00 HTTP/1.1",
                     "GET /\u0001 HTTP/1.1", "GET /\u00ff HTTP/1.1", "GET x HTTP/1.1", "GET * HTTP/1.1",
                     "GET ? HTTP/1.1", "GET #x HTTP/1.1", "GET http://evil.example/ HTTP/1.1", "GET https://evil.example/apps HTTP/1.1",
                     "GET http:///x HTTP/1.1", "GET http:// HTTP/1.1", "GET http://evil.example@x/ HTTP/1.1",
                     "GET javascript:alert(1) HTTP/1.1", "GET file:///etc/passwd HTTP/1.1", "CONNECT evil.example:443 HTTP/1.1",
                     "CONNECT / HTTP/1.1", "POST * HTTP/1.1", "OPTIONS x HTTP/1.1", "GET evil.example:443 HTTP/1.1",
                     "HTTP/1.1 200 OK", "get / http/1.1", "GET / HTTP/1.1\rX: y", "GET /%2e%2e%2f%2e%2e%2fetc/passwd HTTP/1.1",
                     "GET /%c0%ae%c0%ae/x HTTP/1.1", "GET /" + new string('x', 100_000) + " HTTP/1.1",
                     "GET /?" + new string('x', 70_000) + " HTTP/1.1", new string('G', 70_000) + " / HTTP/1.1", "GET / HTTP/2.0",
                     "PRI * HTTP/2.0", "GET / HTTP/1.1" + new string(' ', 1000), "GET /nothing HTTP/1.1",
                     "\u0016\u0003\u0001\u0002\0\u0001\0",
                 })
            yield return $"{line}\r\n{host}\r\n";
    }

    private static IEnumerable<string> Heads(string host)
    {
        foreach (var head in new[]
                 {
                     "", "Host: a\r\nHost: b\r\n", $"{host}{host}", "Host: \r\n", "Host: a b\r\n", "Host: a/b\r\n", "Host: u@h\r\n",
                     "Host: [::1\r\n", "Host: h:port\r\n", "Host: h:1:2\r\n", "Host: \u00fc\r\n", "Host: h\0\r\n",
                     "Host: " + new string('h', 3000) + "\r\n", $"{host}X\r\n", $"{host}: x\r\n", $"{host}X : y\r\n", $"{host} X: y\r\n",
                     $"{host}X: y\r\n folded\r\n", $"{host}X: a\0b\r\n", $"{host}X: a\rb\r\n", $"{host}X\0: y\r\n",
                     $"{host}(X): y\r\n", $"{host}X: {new string('x', 40_000)}\r\n",
                     $"{host}{string.Concat(Enumerable.Range(0, 200).Select(i => $"X-{i}: y\r\n"))}",
                     $"{host}{new string('X', 40_000)}: y\r\n",
                     $"{host}Content-Length: -1\r\n", $"{host}Content-Length: +5\r\n", $"{host}Content-Length: 5, 5\r\n",
                     $"{host}Content-Length: 5\r\nContent-Length: 6\r\n", $"{host}Content-Length: 99999999999999999999\r\n",
                     $"{host}Content-Length: 0x10\r\n", $"{host}Content-Length: 1 0\r\n", $"{host}Content-Length:\r\n",
                     $"{host}Transfer-Encoding: gzip\r\n", $"{host}Transfer-Encoding: chunked, gzip\r\n",
                     $"{host}Transfer-Encoding: xchunked\r\n",
                     $"{host}Transfer-Encoding: \u000bchunked\r\n", $"{host}Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n",
                 })
            yield return $"POST /oauth/token HTTP/1.1\r\n{head}\r\n";
    }

    private static IEnumerable<string> Bodies(string host)
    {
        foreach (var path in s_paths)
            foreach (var body in new[]
                     {
                         "zz\r\n", "-1\r\n", "fffffffffffffffff\r\n", "5\r\nabcdefgh\r\n0\r\n\r\n", "5;x=\0\r\nabcde\r\n0\r\n\r\n",
                         "0\r\nX: \0\r\n\r\n", "0x5\r\nabcde\r\n0\r\n\r\n",
                     })
                yield return $"POST {path} HTTP/1.1\r\n{host}{Form}Transfer-Encoding: chunked\r\n\r\n{body}";
    }

    private static IEnumerable<byte[]> Noise(int count)
    {
        var random = new Random(20261125);
        for (var i = 0; i < count; i++)
        {
            var bytes = new byte[random.Next(1, 400)];
            random.NextBytes(bytes);
            yield return (i % 3) switch
            {
                0 => [.. "GET /"u8, .. bytes, .. " HTTP/1.1\r\nHost: localhost\r\n\r\n"u8],
                1 => [.. "GET / HTTP/1.1\r\n"u8, .. bytes, .. "\r\n\r\n"u8],
                _ => [.. bytes, .. "\r\n\r\n"u8],
            };
        }
    }
}
