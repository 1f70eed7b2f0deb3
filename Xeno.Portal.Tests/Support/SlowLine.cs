using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Xeno.Portal.Tests.Support;

/// <summary>
/// A line to a server on this machine over which a question and its answer take a while, as between continents: each byte arrives late, and
/// in its order.
/// </summary>
internal sealed class SlowLine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly TimeSpan _oneWay;
    private readonly int _port;

    private SlowLine(Uri server, TimeSpan roundTrip)
    {
        (_oneWay, _port) = (roundTrip / 2, server.Port);
        _listener.Start();
        Origin = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _ = AcceptAsync();
    }

    /// <summary>The near end, for a browser.</summary>
    public string Origin { get; }

    public static SlowLine To(string origin, TimeSpan roundTrip) => new(new Uri(origin), roundTrip);

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
        try
        {
            using (near)
            using (var far = new TcpClient())
            {
                await far.ConnectAsync(IPAddress.Loopback, _port, _end.Token);
                near.NoDelay = far.NoDelay = true;
                await Task.WhenAll(CarryAsync(near.GetStream(), far.GetStream()), CarryAsync(far.GetStream(), near.GetStream()));
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // One end hung up, as ends do.
        }
    }

    private async Task CarryAsync(NetworkStream from, NetworkStream to)
    {
        var onTheWay = Channel.CreateUnbounded<(long Sent, byte[] Bytes)>();
        var arrive = ArriveAsync(onTheWay.Reader, to);
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, _end.Token) is > 0 and var count)
            onTheWay.Writer.TryWrite((TimeProvider.System.GetTimestamp(), buffer[..count]));
        onTheWay.Writer.Complete();
        await arrive; // What was sent before the end still arrives.
        to.Socket.Shutdown(SocketShutdown.Send);
    }

    private async Task ArriveAsync(ChannelReader<(long Sent, byte[] Bytes)> onTheWay, NetworkStream to)
    {
        await foreach (var (sent, bytes) in onTheWay.ReadAllAsync(_end.Token))
        {
            var rest = _oneWay - TimeProvider.System.GetElapsedTime(sent);
            if (rest > TimeSpan.Zero)
                await Task.Delay(rest, _end.Token);
            await to.WriteAsync(bytes, _end.Token);
        }
    }
}
