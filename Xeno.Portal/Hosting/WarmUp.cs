using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Xeno.Portal.Data;

namespace Xeno.Portal.Hosting;

/// <summary>
/// Does once, soon after the start and in the background, what the first visitor would otherwise wait for: builds the database model and
/// draws a page. The start itself does not wait for it.
/// </summary>
internal sealed partial class WarmUp(
    IDbContextFactory<PortalDbContext> databases, IServer server, IHostApplicationLifetime lifetime, ILogger<WarmUp> log) : BackgroundService
{
    /// <summary>Those who wait for the start go first.</summary>
    private static readonly TimeSpan s_afterStart = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var started = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStarted);
            await Task.Delay(Timeout.Infinite, started.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(s_afterStart, stoppingToken);

            await using (var database = await databases.CreateDbContextAsync(stoppingToken))
                _ = database.Model;

            if (Address() is { } address)
            {
                using var visitor = new HttpClient { BaseAddress = address };
                foreach (var page in (string[])["/account/login", "/docs"])
                    using (await visitor.GetAsync(page, stoppingToken))
                    {
                    }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The portal stops before it was warm.
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or System.Data.Common.DbException)
        {
            // The first visitor waits a moment longer, that is all.
            LogStaysCold(log, exception.Message);
        }
    }

    /// <summary>Where the portal reaches itself, or null: in tests without a port, or where it listens by HTTPS alone.</summary>
    private Uri? Address()
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault(a => a.StartsWith("http://", StringComparison.Ordinal));
        return address is null ? null : new UriBuilder("http", "localhost", BindingAddress.Parse(address).Port).Uri;
    }

    [LoggerMessage(1501, LogLevel.Debug, "The portal could not warm itself up: {Reason}")]
    private static partial void LogStaysCold(ILogger log, string reason);
}
