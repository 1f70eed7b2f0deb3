using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Xeno.Portal.Tests.Support;

/// <summary>Receives OTLP over HTTP, and shows it as text: names and values are plain UTF-8 in it.</summary>
public sealed class OtlpCollector : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();

    public OtlpCollector()
    {
        Address = new Uri($"http://127.0.0.1:{FreePort.Take()}");
        _listener.Prefixes.Add($"{Address}");
        _listener.Start();
        _ = TakeAsync();
    }

    /// <summary>What <c>Telemetry:OtlpEndpoint</c> is set to.</summary>
    public Uri Address { get; }

    /// <summary>All traces so far.</summary>
    public string Traces => TextAt("/v1/traces");

    /// <summary>All metrics so far.</summary>
    public string Metrics => TextAt("/v1/metrics");

    /// <summary>All logs so far.</summary>
    public string Logs => TextAt("/v1/logs");

    public void Dispose() => _listener.Close();

    private string TextAt(string path)
        => string.Join('\n', _received
            .Where(received => received.Path == path).Select(received => Encoding.Latin1.GetString(received.Body)));

    private async Task TakeAsync()
    {
        try
        {
            while (true)
            {
                var exchange = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await exchange.Request.InputStream.CopyToAsync(body);
                _received.Enqueue((exchange.Request.Url!.AbsolutePath, body.ToArray()));
                exchange.Response.ContentType = "application/x-protobuf";
                exchange.Response.Close();
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
