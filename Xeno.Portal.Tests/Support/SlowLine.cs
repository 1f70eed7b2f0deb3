using System.Net.Sockets;
using System.Threading.Channels;

namespace Xeno.Portal.Tests.Support;

/// <summary>
/// A line to a server on this machine over which a question and its answer take a while, as between continents: each byte arrives late, and
/// in its order.
/// </summary>
internal sealed class SlowLine : TcpRelay
{
    private readonly TimeSpan _oneWay;

    private SlowLine(Uri server, TimeSpan roundTrip) : base(server.Port) => _oneWay = roundTrip / 2;

    /// <summary>The near end, for a browser.</summary>
    public string Origin => $"http://127.0.0.1:{Port}";

    public static SlowLine To(string origin, TimeSpan roundTrip) => new(new Uri(origin), roundTrip);

    protected override Task CarryAsync(NetworkStream near, NetworkStream far) => Task.WhenAll(SendAsync(near, far), SendAsync(far, near));

    private async Task SendAsync(NetworkStream from, NetworkStream to)
    {
        var onTheWay = Channel.CreateUnbounded<(long Sent, byte[] Bytes)>();
        var arrive = ArriveAsync(onTheWay.Reader, to);
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, End) is > 0 and var count)
            onTheWay.Writer.TryWrite((TimeProvider.System.GetTimestamp(), buffer[..count]));
        onTheWay.Writer.Complete();
        await arrive; // What was sent before the end still arrives.
        to.Socket.Shutdown(SocketShutdown.Send);
    }

    private async Task ArriveAsync(ChannelReader<(long Sent, byte[] Bytes)> onTheWay, NetworkStream to)
    {
        await foreach (var (sent, bytes) in onTheWay.ReadAllAsync(End))
        {
            var rest = _oneWay - TimeProvider.System.GetElapsedTime(sent);
            if (rest > TimeSpan.Zero)
                await Task.Delay(rest, End);
            await to.WriteAsync(bytes, End);
        }
    }
}
