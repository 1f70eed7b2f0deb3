using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Xeno.Portal.Http;

/// <summary>Who can reach this portal: this machine alone, or others too. Known once the portal listens.</summary>
internal sealed class Reach(PublicOrigin origin, IServer server)
{
    /// <summary>The addresses that the portal listens on, without a slash at the end.</summary>
    public IEnumerable<string> Addresses
        => (server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []).Select(address => address.TrimEnd('/'));

    /// <summary>Why another machine could reach the portal, as the end of a sentence; null: none can.</summary>
    public string? BeyondThisMachine()
    {
        if (Addresses.FirstOrDefault(PublicOrigin.LeadsBeyondLoopback) is { } address)
            return $"the portal listens on {address}, which is not a loopback address";
        return origin.Configured is { } configured && PublicOrigin.LeadsBeyondLoopback(configured)
            ? $"OAuth:Issuer is {configured}, which is not a loopback address"
            : null;
    }
}
