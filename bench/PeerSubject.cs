using System.Diagnostics;
using System.Net;

namespace Xeno.Portal.Bench;

/// <summary>oidc-provider on Node.js with better-sqlite3, the fastest peer that writes to disk.</summary>
internal sealed class PeerSubject(string folder) : Subject
{
    public override string Name => "oidc-provider";

    public override bool IsDotNet => false;

    public override string FirstAnswer => "/.well-known/openid-configuration";

    public override ProcessStartInfo Command(string store) => new("node", ["server.mjs", $"{Port}", Path.Combine(store, "peer.db")])
    {
        WorkingDirectory = folder,
        Environment = { ["NODE_ENV"] = "production" },
    };

    public override async Task MakeStoreAsync(string store)
    {
        await using var server = await RunningServer.StartAsync(this, store);
    }

    public override async Task<Flow> EnterAsync(Uri origin)
    {
        const string authorize =
            "/auth?client_id=bench&response_type=code&scope=widgets&state=bench&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback";
        const string client = "client_id=bench&client_secret=bench-secret";

        var cookies = new CookieContainer();
        using var handler = new HttpClientHandler { CookieContainer = cookies, AllowAutoRedirect = false };
        using var browser = new HttpClient(handler) { BaseAddress = origin };
        for (var next = new Uri(authorize, UriKind.Relative); ;)
        {
            var answer = await browser.GetAsync(next);
            next = answer.Headers.Location ?? throw new InvalidOperationException($"{next} answered {answer.StatusCode}.");
            if (next.IsAbsoluteUri && next.Host == "app.example")
                break;
        }

        return new Flow(authorize, cookies.GetCookieHeader(origin), 303, "/token", client,
            $"{client}&grant_type=authorization_code&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback",
            "/api/v1/me", "\"client_id\":\"bench\"", "/token/introspection", "/token/revocation");
    }
}
