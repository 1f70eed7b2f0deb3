using System.Net;
using System.Net.Sockets;

namespace Xeno.Portal.Tests.Support;

/// <summary>Something between a client and a server on this machine: it takes connections, and carries what is sent on them.</summary>
internal abstract class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _server;

    protected TcpRelay(int server)
    {
        _server = server;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Its own port, for the client.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The test is over.</summary>
    protected CancellationToken End => _end.Token;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        _end.Dispose();
    }

    /// <summary>Carries what is sent on one connection, both ways, until it is over.</summary>
    protected abstract Task CarryAsync(NetworkStream near, NetworkStream far);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ConnectAsync(await _listener.AcceptTcpClientAsync(End));
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ConnectAsync(TcpClient near)
    {
        try
        {
            using (near)
            using (var far = new TcpClient())
            {
                await far.ConnectAsync(IPAddress.Loopback, _server, End);
                near.NoDelay = far.NoDelay = true;
                await CarryAsync(near.GetStream(), far.GetStream());
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // One end hung up, as ends do.
        }
    }
}
