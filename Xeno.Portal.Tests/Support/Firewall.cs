using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Xeno.Portal.Tests.Support;

/// <summary>
/// A firewall before a server on this machine. It lets everything through until it drops connections as real ones do: silently, so that
/// both ends believe that they are still connected.
/// </summary>
internal sealed class Firewall : TcpRelay
{
    private readonly ConcurrentBag<Line> _lines = [];
    private volatile bool _isClosed;

    private Firewall(int port) : base(port)
    {
    }

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

    protected override Task CarryAsync(NetworkStream near, NetworkStream far)
    {
        var line = new Line { IsDropped = _isClosed };
        _lines.Add(line);
        return Task.WhenAny(SendAsync(near, far, line), SendAsync(far, near, line));
    }

    private async Task SendAsync(NetworkStream from, NetworkStream to, Line line)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, End) is > 0 and var count)
            if (!line.IsDropped)
                await to.WriteAsync(buffer.AsMemory(0, count), End);
    }

    private sealed class Line
    {
        public volatile bool IsDropped;
    }
}
