using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Xeno.Portal.Tests.Support;

/// <summary>
/// The portal behind its public HTTPS address, reached from an address that the test chooses. The in-memory server has no client addresses.
/// </summary>
internal sealed class PeerPortal : PortalFactory
{
    public PeerPortal(params (string Key, string Value)[] settings)
    {
        Settings["OAuth:Issuer"] = "https://portal.example";
        foreach (var (key, value) in settings)
            Settings[key] = value;
    }

    /// <summary>The address from which the next requests come.</summary>
    public string Peer { get; set; } = "203.0.113.1";

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureServices(services => services.AddSingleton<IStartupFilter>(new FromThePeer(this)));
    }

    private sealed class FromThePeer(PeerPortal portal) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, rest) =>
            {
                context.Connection.RemoteIpAddress = IPAddress.Parse(portal.Peer);
                context.Request.Scheme = "https";
                return rest(context);
            });
            next(app);
        };
    }
}
