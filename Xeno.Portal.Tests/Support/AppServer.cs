using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Xeno.Portal.Tests.Support;

/// <summary>The site of a third-party app on a port of its own, for what a browser does only with real answers.</summary>
internal sealed class AppServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private AppServer(WebApplication app) => _app = app;

    /// <summary>Where it listens, for example http://127.0.0.1:41234.</summary>
    public string Origin => _app.Urls.First();

    /// <summary>Starts one. Addresses that <paramref name="map"/> does not know have no content.</summary>
    public static async Task<AppServer> StartAsync(Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        map(app);
        app.MapFallback(() => Results.NoContent());
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new AppServer(app);
    }

    /// <summary>A page of the app.</summary>
    public static IResult Page(string html) => Results.Content($"<!DOCTYPE html><title>App</title>{html}", "text/html");

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
