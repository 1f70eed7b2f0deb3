using System.Text;

namespace Xeno.Portal.Tests.Weaknesses;

/// <summary>What is no HTTP/1.1, or wants to be read in two ways (request smuggling): a refusal or a closed connection, and the portal goes on.</summary>
public sealed class MalformedHttpTests(ListeningPortal portal) : IClassFixture<ListeningPortal>
{
    private const string Form = "Content-Type: application/x-www-form-urlencoded\r\n";

    [Fact]
    public async Task Whatever_cannot_be_read_is_refused_or_closed()
    {
        var raw = new RawHttp(portal.Origin);
        var host = $"Host: {raw.Authority}\r\n";
        var sent = RequestLines(host).Concat(Heads(host)).Concat(Bodies(host)).Select(Encoding.Latin1.GetBytes).Concat(Noise(300)).ToArray();

        foreach (var request in sent)
        {
            var answer = await raw.SendAsync(request, TestContext.Current.CancellationToken, isAll: true);

            // 505: the server understood that it is another version of HTTP.
            Assert.True(answer is null or { Status: (>= 400 and < 500) or 505 }, $"{answer?.Status} for {Encoding.Latin1.GetString(request, 0, Math.Min(300, request.Length))}");
        }

        Assert.True(sent.Length > 400);
        Assert.Equal(200, (await raw.SendAsync($"GET / HTTP/1.1\r\n{host}Connection: close\r\n\r\n", TestContext.Current.CancellationToken))!.Status);

        // Kestrel itself tells, as an error, when it cannot read on to the next request of a connection; that is not the portal's.
        var errors = portal.Log.Text.Split('\n').Where(line => line.StartsWith("Error ", StringComparison.Ordinal) || line.StartsWith("Critical ", StringComparison.Ordinal))
            .Where(line => !line.Contains("automatic draining of the request body failed", StringComparison.Ordinal)).ToArray();
        Assert.True(errors.Length == 0, string.Join('\n', errors));
    }

    [Fact]
    public async Task A_second_request_hidden_in_a_body_is_not_answered()
    {
        var raw = new RawHttp(portal.Origin);
        var hidden = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";

        var answer = await raw.SendAsync(
            $"POST /oauth/token HTTP/1.1\r\nHost: {raw.Authority}\r\n{Form}Content-Length: {hidden.Length + 5}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{hidden}", TestContext.Current.CancellationToken, isAll: true);

        Assert.True(answer is null or { Status: >= 400 and < 500 });
        Assert.DoesNotContain("HTTP/1.1", answer?.Text ?? "", StringComparison.Ordinal);
    }

    private static IEnumerable<string> RequestLines(string host)
    {
        foreach (var line in new[]
                 {
                     "", "GET", "GET ", "GET /", "GET / ", "GET / HTTP", "GET / HTTP/", "GET / HTTP/1", "GET / HTTP/1.", "GET / HTTP/9.9", "GET / HTTP/1.1 x", "GET  / HTTP/1.1", " GET / HTTP/1.1",
                     "GET /\tHTTP/1.1", "G\0T / HTTP/1.1", "G(T / HTTP/1.1", "GÉT / HTTP/1.1", "GET /\0 HTTP/1.1", "GET /%00 HTTP/1.1", "GET /\u0001 HTTP/1.1", "GET /\u00ff HTTP/1.1", "GET x HTTP/1.1", "GET * HTTP/1.1",
                     "GET ? HTTP/1.1", "GET #x HTTP/1.1", "GET http://evil.example/ HTTP/1.1", "GET https://evil.example/apps HTTP/1.1", "GET http:///x HTTP/1.1", "GET http:// HTTP/1.1", "GET http://evil.example@x/ HTTP/1.1",
                     "GET javascript:alert(1) HTTP/1.1", "GET file:///etc/passwd HTTP/1.1", "CONNECT evil.example:443 HTTP/1.1", "CONNECT / HTTP/1.1", "POST * HTTP/1.1", "OPTIONS x HTTP/1.1", "GET evil.example:443 HTTP/1.1",
                     "HTTP/1.1 200 OK", "get / http/1.1", "GET / HTTP/1.1\rX: y", "GET / HTTP/1.1\nX: y", "GET /%2e%2e%2f%2e%2e%2fetc/passwd HTTP/1.1", "GET /%c0%ae%c0%ae/x HTTP/1.1", "GET /" + new string('x', 100_000) + " HTTP/1.1",
                     "GET /?" + new string('x', 70_000) + " HTTP/1.1", new string('G', 70_000) + " / HTTP/1.1", "GET / HTTP/2.0", "PRI * HTTP/2.0", "GET / HTTP/1.1" + new string(' ', 1000), "GET /nothing HTTP/1.1", "\u0016\u0003\u0001\u0002\0\u0001\0",
                 })
        {
            yield return $"{line}\r\n{host}\r\n";
            yield return line;
        }
    }

    private static IEnumerable<string> Heads(string host)
    {
        foreach (var head in new[]
                 {
                     "", "Host: a\r\nHost: b\r\n", $"{host}{host}", "Host: \r\n", "Host: a b\r\n", "Host: a/b\r\n", "Host: u@h\r\n", "Host: [::1\r\n", "Host: h:port\r\n", "Host: h:1:2\r\n", "Host: \u00fc\r\n", "Host: h\0\r\n",
                     "Host: " + new string('h', 3000) + "\r\n", $"{host}X\r\n", $"{host}: x\r\n", $"{host}X : y\r\n", $"{host} X: y\r\n", $"{host}X: y\r\n folded\r\n", $"{host}X: a\0b\r\n", $"{host}X: a\rb\r\n", $"{host}X\0: y\r\n",
                     $"{host}(X): y\r\n", $"{host}X: {new string('x', 40_000)}\r\n", $"{host}{string.Concat(Enumerable.Range(0, 200).Select(i => $"X-{i}: y\r\n"))}", $"{host}{new string('X', 40_000)}: y\r\n",
                     $"{host}Content-Length: -1\r\n", $"{host}Content-Length: +5\r\n", $"{host}Content-Length: 5, 5\r\n", $"{host}Content-Length: 5\r\nContent-Length: 6\r\n", $"{host}Content-Length: 99999999999999999999\r\n",
                     $"{host}Content-Length: 0x10\r\n", $"{host}Content-Length: 1 0\r\n", $"{host}Content-Length:\r\n", $"{host}Transfer-Encoding: gzip\r\n", $"{host}Transfer-Encoding: chunked, gzip\r\n", $"{host}Transfer-Encoding: xchunked\r\n",
                     $"{host}Transfer-Encoding: \u000bchunked\r\n", $"{host}Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n",
                 })
            yield return $"POST /oauth/token HTTP/1.1\r\n{head}\r\n";
    }

    private static IEnumerable<string> Bodies(string host)
    {
        foreach (var path in new[] { "/oauth/token", "/oauth/authorize", "/account/login", "/nothing" })
            foreach (var body in new[] { "zz\r\n", "-1\r\n", "fffffffffffffffff\r\n", "5\r\nabc", "5\r\nabcdefgh\r\n0\r\n\r\n", "5;x=\0\r\nabcde\r\n0\r\n\r\n", "1\r\na\r\n", "\r\n", "0\r\nX: \0\r\n\r\n", "5 \r\n", "0x5\r\nabcde\r\n0\r\n\r\n", "" })
                yield return $"POST {path} HTTP/1.1\r\n{host}{Form}Transfer-Encoding: chunked\r\n\r\n{body}";
    }

    private static IEnumerable<byte[]> Noise(int count)
    {
        var random = new Random(20261125);
        for (var i = 0; i < count; i++)
        {
            var bytes = new byte[random.Next(1, 400)];
            random.NextBytes(bytes);
            yield return i % 3 == 0 ? [.. "GET /"u8, .. bytes, .. " HTTP/1.1\r\nHost: localhost\r\n\r\n"u8] : i % 3 == 1 ? [.. "GET / HTTP/1.1\r\n"u8, .. bytes, .. "\r\n\r\n"u8] : bytes;
        }
    }
}
