using System.Net;
using System.Net.Sockets;

namespace Xeno.Portal.Limits;

/// <summary>
/// Where a request comes from, as limits count it. Forwarded headers were read before, from trusted proxies only, so a client cannot
/// choose this.
/// </summary>
public static class ClientAddress
{
    // Providers give one customer a network of 64, 56 or 48 bits. The wider ones may also hold many customers, so more is allowed there.
    private static readonly (int Bytes, int Factor)[] s_wider = [(7, 4), (6, 16)];

    /// <summary>
    /// One IPv4 address, or one IPv6 network of 64 bits, because one customer of a provider has all addresses of such a network.
    /// </summary>
    public static string Of(HttpContext context)
    {
        var address = AddressOf(context);
        return address is null ? "this machine" : IsNetwork(address) ? Network(address, 8) : address.ToString();
    }

    /// <summary>
    /// The same with the IPv6 networks of 56 and 48 bits around it, each with how many times the limit of one address it may use: whoever
    /// has a whole network must not have the limit once for each of its parts.
    /// </summary>
    public static IReadOnlyList<(string Caller, int Factor)> NetworksOf(HttpContext context)
        => AddressOf(context) is { } address && IsNetwork(address)
            ? [(Network(address, 8), 1), .. s_wider.Select(wider => (Network(address, wider.Bytes), wider.Factor))]
            : [(Of(context), 1)];

    // Null: the in-memory server of tests.
    private static IPAddress? AddressOf(HttpContext context) => context.Connection.RemoteIpAddress switch
    {
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4(),
        var address => address,
    };

    private static bool IsNetwork(IPAddress address)
        => address.AddressFamily is AddressFamily.InterNetworkV6 && !IPAddress.IsLoopback(address);

    private static string Network(IPAddress address, int bytes)
        => Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, bytes));
}
