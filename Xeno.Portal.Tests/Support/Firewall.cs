using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Xeno.Portal.Tests.Support;

/// <summary>
/// A firewall before a server on this machine. It lets everything through until it drops connections as real ones do: silently, so that
/// both ends believe that they are still connected.
/// </summary>
internal sealed class Firewall : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Line> _lines = [];
    private readonly CancellationTokenSource _end = new();
    private readonly int _port;
    private volatile bool _isClosed;

    private Firewall(int port)
    {
        _port = port;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Its own port.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public static Firewall Before(int port) => new(port);

    /// <summary>Drops what is sent on the connections that are open now. New ones pass.</summary>
    public void DropOpenConnections()
    {
        foreach (var line in _lines)
            line.IsDropped = true;
    }

    /// <summary>Drops everything: new connections are taken, and nothing is ever answered on them.</summary>
    public void DropAll()
    {
        _isClosed = true;
        DropOpenConnections();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = CarryAsync(await _listener.AcceptTcpClientAsync(_end.Token));
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task CarryAsync(TcpClient near)
    {
        var line = new Line { IsDropped = _isClosed };
        _lines.Add(line);
        try
        {
            using (near)
            using (var far = new TcpClient())
            {
                await far.ConnectAsync(IPAddress.Loopback, _port, _end.Token);
                near.NoDelay = far.NoDelay = true;
                await Task.WhenAny(
                    CarryAsync(near.GetStream(), far.GetStream(), line), CarryAsync(far.GetStream(), near.GetStream(), line));
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // One end hung up, as ends do.
        }
    }

    private async Task CarryAsync(NetworkStream from, NetworkStream to, Line line)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, _end.Token) is > 0 and var count)
            if (!line.IsDropped)
                await to.WriteAsync(buffer.AsMemory(0, count), _end.Token);
    }

    private sealed class Line
    {
        public volatile bool IsDropped;
    }
}
