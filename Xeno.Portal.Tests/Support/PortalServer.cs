using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Xeno.Portal.Tests.Support;

/// <summary>The same portal on a real port, with the demo account and app, for browsers and third-party client libraries.</summary>
public sealed class PortalServer : PortalFactory
{
    public PortalServer() : this(_ => { })
    {
    }

    /// <param name="prepare">Changes the settings before the start.</param>
    internal PortalServer(Action<PortalServer> prepare)
    {
        UseKestrel(0);
        Settings["Seed:Demo"] = "true";
        Settings["Urls"] = "http://127.0.0.1:0";
        prepare(this);
        StartServer();
        Origin = Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First().TrimEnd('/');
    }

    /// <summary>Where it listens, for example http://127.0.0.1:41234.</summary>
    public string Origin { get; }

    protected override bool RunsInRealTime => true;
}
