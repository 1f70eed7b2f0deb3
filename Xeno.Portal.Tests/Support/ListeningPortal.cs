using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Xeno.Portal.Tests.Support;

/// <summary>
/// The portal on a real port, with a clock that only a test moves. The in-memory server does not show what Kestrel refuses to read or to
/// write.
/// </summary>
public sealed class ListeningPortal : PortalFactory
{
    public ListeningPortal() : this([])
    {
    }

    internal ListeningPortal(params (string Key, string Value)[] settings)
    {
        foreach (var (key, value) in settings)
            Settings[key] = value;
        Origin = this.Listen();
    }

    /// <summary>Where it listens, for example http://127.0.0.1:41234.</summary>
    public string Origin { get; }
}

internal static class Listening
{
    /// <summary>Starts a portal on real ports and gives its first address.</summary>
    public static string Listen(this PortalFactory portal, string urls = "http://127.0.0.1:0")
    {
        portal.UseKestrel();
        portal.Settings["Urls"] = urls;
        portal.StartServer();
        return portal.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First().TrimEnd('/');
    }

    /// <summary>A browser that shows redirects instead of following them, with <paramref name="account"/> signed in.</summary>
    public static async Task<HttpClient> ClientAsync(
        this PortalFactory portal, string origin, GivenAccount? account = null, CookieContainer? cookies = null)
    {
        cookies ??= new CookieContainer();
        if (account is not null)
        {
            var (name, value) = await portal.SessionCookieAsync(account, portal.Time.GetUtcNow());
            cookies.Add(new Cookie(name, value, "/", new Uri(origin).Host));
        }

        return new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies })
        {
            BaseAddress = new Uri(origin),
        };
    }
}
