using Xeno.Portal.Data;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Lifecycle;

/// <summary>Rows of one kind that nobody will ask for again. A feature that makes such rows registers one of these.</summary>
public interface IPrunableRows
{
    /// <summary>What they are, for the metric.</summary>
    string Kind { get; }

    /// <summary>Removes up to <paramref name="most"/> of them and gives how many it found; fewer than that means that no more are left.</summary>
    Task<int> RemoveAsync(int most);
}

/// <summary>
/// Removes dead rows now and then, a few at a time with a pause between, so that nobody waits for it. Every node does; of two that meet at the
/// same rows one finds them gone.
/// </summary>
internal sealed partial class Pruning(IEnumerable<IPrunableRows> kinds, TimeProvider time, ILogger<Pruning> log) : BackgroundService
{
    private const int AtATime = 200;

    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Removes whatever is dead now.</summary>
    public async Task PruneAsync(CancellationToken cancellationToken)
    {
        foreach (var kind in kinds)
        {
            int found;
            do
            {
                found = await kind.RemoveAsync(AtATime);
                PortalMetrics.Pruned(found, kind.Kind);
                if (found == AtATime)
                    await Task.Delay(s_pause, cancellationToken);
            }
            while (found == AtATime);
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
            // The portal stops; what is left is found next time.
        }
    }

    private async Task TryPruneAsync(CancellationToken stopping)
    {
        try
        {
            await PruneAsync(stopping);
        }
        catch (Exception exception) when (DatabaseTrouble.IsBehind(exception))
        {
            LogPutOff(log, exception.GetBaseException().Message);
        }
    }

    [LoggerMessage(1503, LogLevel.Warning, "Dead rows are removed later, the database was away: {Reason}")]
    private static partial void LogPutOff(ILogger log, string reason);
}
