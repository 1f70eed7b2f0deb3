using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Lifecycle;

/// <summary>
/// A public page that is asked for once after the start, so that its first visitor does not wait for its code to be loaded.
/// </summary>
/// <param name="Path">The page's address within this site. Getting it must change nothing.</param>
public sealed record WarmPage(string Path);

/// <summary>
/// Gets every <see cref="WarmPage"/> from the portal's own address once it listens, in the background. Neither the start nor the stop waits
/// for it, and its requests are not counted. Without an address on this machine it does nothing.
/// </summary>
internal sealed partial class WarmStart(
    IServer server, IEnumerable<WarmPage> pages, IHostApplicationLifetime lifetime, ILogger<WarmStart> log) : BackgroundService
{
    // The second visit compiles what the first one left out.
    private const int Rounds = 2;

    private const string Mark = "X-Warm-Start";

    // A client cannot guess it, so it cannot keep its own requests out of the metrics.
    private readonly string _secret = RandomNumberGenerator.GetHexString(32);
    private volatile bool _isOver;

    /// <summary>Keeps the requests of the warm start out of the metrics.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!_isOver && context.Request.Headers[Mark] == _secret)
            RouteNames.DoNotCount(context.Features);
        return next(context);
    }

    /// <summary>An address of <paramref name="addresses"/> that this machine reaches by plain HTTP; null when there is none.</summary>
    internal static Uri? Reachable(IEnumerable<string> addresses) => addresses
        .Select(BindingAddress.Parse)
        .Where(address => address is { Scheme: "http", IsUnixPipe: false, IsNamedPipe: false })
        .Select(address => address.Host switch
        {
            "localhost" or "127.0.0.1" or "[::1]" => new Uri($"http://{address.Host}:{address.Port}"),
            "0.0.0.0" or "[::]" or "*" or "+" => new Uri($"http://localhost:{address.Port}"),
            _ => null,
        })
        .FirstOrDefault(address => address is not null);

    // The in-memory server of tests has the addresses of the settings, and listens on none.
    private bool IsListening => server.GetType().Assembly == typeof(KestrelServer).Assembly;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await StartedAsync(stoppingToken);
            if (IsListening && Reachable(server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []) is { } origin)
                await GetPagesAsync(origin, stoppingToken);
        }
        catch (Exception exception)
        {
            // The first visitor waits a moment longer, and gets the error if there is one.
            LogNotWarm(log, exception.Message);
        }
        finally
        {
            _isOver = true;
        }
    }

    private async Task StartedAsync(CancellationToken stopping)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (lifetime.ApplicationStarted.Register(started.SetResult))
            await started.Task.WaitAsync(stopping);
    }

    private async Task GetPagesAsync(Uri origin, CancellationToken stopping)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = origin };
        http.DefaultRequestHeaders.Add(Mark, _secret);
        for (var round = 0; round < Rounds; round++)
            foreach (var page in pages)
                using (await http.GetAsync(page.Path, stopping))
                {
                    // The content is not needed.
                }
    }

    [LoggerMessage(1501, LogLevel.Debug, "The first pages could not be opened ahead of the first visitor: {Reason}")]
    private static partial void LogNotWarm(ILogger log, string reason);
}

internal static class WarmStarts
{
    public static IServiceCollection AddWarmPage(this IServiceCollection services, string path)
        => services.AddSingleton(new WarmPage(path));

    public static IApplicationBuilder UseWarmStart(this IApplicationBuilder app)
        => app.Use(app.ApplicationServices.GetRequiredService<WarmStart>().InvokeAsync);
}
