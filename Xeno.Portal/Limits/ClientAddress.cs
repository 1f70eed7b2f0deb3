using System.Net;
using System.Net.Sockets;

namespace Xeno.Portal.Limits;

/// <summary>Where a request comes from, as limits count it.</summary>
public static class ClientAddress
{
    /// <summary>
    /// One IPv4 address, or one IPv6 network of 64 bits, because one customer of a provider has all addresses of such a network. Forwarded
    /// headers were read before, from trusted proxies only, so a client cannot choose this.
    /// </summary>
    public static string Of(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress;
        if (address is null)
            return "this machine"; // The in-memory server of tests.
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily is AddressFamily.InterNetworkV6 && !IPAddress.IsLoopback(address)
            ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }
}
