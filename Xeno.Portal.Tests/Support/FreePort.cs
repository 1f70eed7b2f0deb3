using System.Net;
using System.Net.Sockets;

namespace Xeno.Portal.Tests.Support;

/// <summary>A free port of this machine, for programs that get their port as a setting.</summary>
public static class FreePort
{
    public static int Take()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
