using System.Threading.Channels;
using Xeno.Portal.Data;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Lifecycle;

namespace Xeno.Portal.Grants;

/// <summary>
/// After a mark has ended all tokens of an app, updates their rows: a few at a time, so that other writers never wait long. When a stop or
/// a failure interrupts it, it continues at the next start or the next pruning.
/// </summary>
public sealed partial class GrantSweep(GrantLedger ledger, InstallChanges changes, ILogger<GrantSweep> log)
    : BackgroundService, IPrunableRows
{
    /// <summary>About how many rows one transaction changes.</summary>
    private const int RowsAtATime = 200;

    /// <summary>How many transactions the caller waits for: enough for nearly every app, and well under a second.</summary>
    private const int StepsToWaitFor = 20;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(5);

    private readonly Channel<string> _waiting = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });

    /// <inheritdoc />
    public string Kind => "apps";

    /// <summary>Updates the rows of a marked app: the first ones before this returns, the rest in the background.</summary>
    internal async Task BeginAsync(string appId)
    {
        for (var step = 0; step < StepsToWaitFor; step++)
            if (!await StepAsync(appId))
                return;
        _waiting.Writer.TryWrite(appId);
    }

    /// <summary>Updates all rows of all marked apps.</summary>
    internal async Task SweepAllAsync(CancellationToken cancellationToken)
    {
        while (await ledger.ListEndingAsync(RowsAtATime) is { Count: > 0 } apps)
            foreach (var appId in apps)
                await SweepToTheEndAsync(appId, cancellationToken);
    }

    /// <summary>
    /// Updates rows that were left because a node stopped. Returns 0: the metrics count these rows as ended, not as removed.
    /// </summary>
    public async Task<int> RemoveAsync(int most)
    {
        await SweepAllAsync(CancellationToken.None);
        return 0;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await TryAsync(() => SweepAllAsync(stoppingToken), stoppingToken);
        await foreach (var appId in _waiting.Reader.ReadAllAsync(stoppingToken))
            await TryAsync(() => SweepToTheEndAsync(appId, stoppingToken), stoppingToken);
    }

    private async Task TryAsync(Func<Task> work, CancellationToken stopping)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The marks stay in the database, so the next start continues.
        }
        catch (Exception exception) when (DatabaseTrouble.IsBehind(exception))
        {
            LogPutOff(log, exception.GetBaseException().Message);
        }
    }

    private async Task SweepToTheEndAsync(string appId, CancellationToken cancellationToken)
    {
        while (await StepAsync(appId))
            await Task.Delay(s_pause, cancellationToken); // Lets other writers go first.
    }

    private async Task<bool> StepAsync(string appId)
    {
        if (await ledger.SweepAsync(appId, RowsAtATime) is not { } swept)
            return false;

        if (swept.AccountId is { } accountId)
        {
            GrantMetrics.Ended(swept.EndedTokens, "developer");
            changes.Publish(accountId);
        }

        return true;
    }

    [LoggerMessage(1311, LogLevel.Warning, "The rows of ended tokens are changed later, because the database did not answer: {Reason}")]
    private static partial void LogPutOff(ILogger log, string reason);
}
