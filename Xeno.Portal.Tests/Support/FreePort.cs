using System.Net;
using System.Net.Sockets;

namespace Xeno.Portal.Tests.Support;

/// <summary>A port of this machine that nobody listens on, for programs that have to be told theirs.</summary>
public static class FreePort
{
    public static int Take()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
