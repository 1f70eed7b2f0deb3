using System.Collections.Concurrent;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Api;

/// <summary>
/// When each token was last used: the time of its last served call. A call notes it in memory. Every five seconds, and when the portal
/// stops, the notes are written in one transaction. A crash loses a few seconds of "last used" and nothing else. Open pages are not told:
/// a busy app would have them read their lists again every few seconds.
/// </summary>
public sealed partial class TokenUse(
    TokenLedger ledger, TimeProvider time, ILogger<TokenUse> log)
    : BackgroundService, IHostedLifecycleService, IRequestObserver
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    private ConcurrentDictionary<string, DateTimeOffset> _noted = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public void Observe(RequestFacts facts, int status)
    {
        if (ApiFeature.IsApiCall(facts) && facts.TokenId is { } tokenId && facts.OutcomeOf(status) is RequestOutcome.Served)
            _noted[tokenId] = time.GetUtcNow();
    }

    /// <summary>Writes the notes made until now.</summary>
    public async Task FlushAsync()
    {
        var noted = Interlocked.Exchange(ref _noted, new(StringComparer.Ordinal));
        if (noted.IsEmpty)
            return;

        await ledger.NoteUseAsync([.. noted.Select(use => (use.Key, use.Value))]);
    }

    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Writes the notes before any part of the host stops.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => TryFlushAsync();

    /// <summary>Writes the notes of the last requests, which ended while the host was stopping.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryFlushAsync();
    }

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryFlushAsync();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The portal stops; StopAsync writes the rest.
        }
    }

    private async Task TryFlushAsync()
    {
        try
        {
            await FlushAsync();
        }
        catch (Exception exception)
        {
            // A busy database must not end this service, whose next round writes later notes, nor disturb the stop of the portal.
            LogNotWritten(log, exception);
        }
    }

    [LoggerMessage(1201, LogLevel.Warning, "The last use of some tokens could not be written.")]
    private static partial void LogNotWritten(ILogger log, Exception exception);
}
