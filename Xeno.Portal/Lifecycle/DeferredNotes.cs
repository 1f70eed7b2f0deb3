using System.Collections.Concurrent;

namespace Xeno.Portal.Lifecycle;

/// <summary>
/// Times that requests note in memory, and that are written later: every so often, and when the portal stops, in one transaction. So no
/// request waits for it. A crash loses the notes of one interval and nothing else.
/// </summary>
/// <param name="interval">How long to wait between two writes.</param>
public abstract class DeferredNotes(TimeSpan interval, TimeProvider time) : BackgroundService, IHostedLifecycleService
{
    private ConcurrentDictionary<string, DateTimeOffset> _noted = new(StringComparer.Ordinal);

    /// <summary>Writes the notes made until now.</summary>
    public async Task FlushAsync()
    {
        var noted = Interlocked.Exchange(ref _noted, new(StringComparer.Ordinal));
        if (!noted.IsEmpty)
            await WriteAsync([.. noted.Select(note => (note.Key, note.Value))]);
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

    /// <summary>Notes that it is used now.</summary>
    protected void Note(string id) => _noted[id] = time.GetUtcNow();

    /// <summary>Writes notes, all or none. A time never moves back.</summary>
    protected abstract Task WriteAsync(IReadOnlyCollection<(string Id, DateTimeOffset At)> notes);

    /// <summary>Logs that notes are lost because they could not be written.</summary>
    protected abstract void LogNotWritten(Exception exception);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
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
            LogNotWritten(exception);
        }
    }
}
