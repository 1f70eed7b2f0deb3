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

    /// <summary>Waits until a program that was started listens on <paramref name="port"/>.</summary>
    /// <param name="port">A port of this machine.</param>
    /// <param name="check">Called before each attempt; throws when the program has ended.</param>
    public static async Task UntilItListensAsync(int port, Action check)
    {
        while (true)
        {
            check();
            try
            {
                using var attempt = new TcpClient();
                await attempt.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
                return;
            }
            catch (SocketException)
            {
                await Task.Yield(); // Not yet.
            }
        }
    }
}
