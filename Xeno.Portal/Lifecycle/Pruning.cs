
namespace Xeno.Portal.Lifecycle;

/// <summary>Rows of one kind that are no longer needed. A feature that makes such rows registers one of these.</summary>
public interface IPrunableRows
{
    /// <summary>The name of the kind; the label <c>kind</c> of the metric <c>pruned.rows</c>.</summary>
    string Kind { get; }

    /// <summary>
    /// Removes up to <paramref name="most"/> rows and returns how many it found; fewer than <paramref name="most"/> means that none is
    /// left.
    /// </summary>
    Task<int> RemoveAsync(int most);
}

/// <summary>
/// Removes prunable rows every ten minutes, a few at a time with a pause between, so that no request waits for it. Safe to run on several
/// nodes at the same time.
/// </summary>
internal sealed partial class Pruning(IEnumerable<IPrunableRows> kinds, TimeProvider time, ILogger<Pruning> log) : BackgroundService
{
    private const int BatchSize = 200;

    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Removes all rows that are prunable now.</summary>
    public async Task PruneAsync(CancellationToken cancellationToken)
    {
        foreach (var kind in kinds)
        {
            int found;
            do
            {
                found = await kind.RemoveAsync(BatchSize);
                LifecycleMetrics.Pruned(found, kind.Kind);
                if (found == BatchSize)
                    await Task.Delay(s_pause, cancellationToken);
            }
            while (found == BatchSize);
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryPruneAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The portal stops; the rest is removed next time.
        }
    }

    private async Task TryPruneAsync(CancellationToken stopping)
    {
        try
        {
            await PruneAsync(stopping);
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            LogPutOff(log, exception.GetBaseException().Message);
        }
    }

    [LoggerMessage(1503, LogLevel.Warning, "Old rows are removed later: {Reason}")]
    private static partial void LogPutOff(ILogger log, string reason);
}
