using System.Threading.Channels;
using Xeno.Portal.Data.OAuth;

namespace Xeno.Portal.Grants;

/// <summary>
/// Follows the marks that end all tokens of an app with the rows, a few at a time, so that other writers never wait long. The mark holds
/// by itself: what is interrupted here goes on at the next start, or at the next round.
/// </summary>
public sealed partial class GrantSweep(GrantLedger ledger, InstallChanges changes, TimeProvider time, ILogger<GrantSweep> log)
    : BackgroundService
{
    /// <summary>The most rows that one transaction changes.</summary>
    private const int RowsAtATime = 200;

    /// <summary>How many transactions the caller waits for: 4,000 rows, enough for nearly every app, in well under a second.</summary>
    private const int StepsToWaitFor = 20;

    private const int AppsAtATime = 100;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(10);

    private readonly Channel<string> _waiting = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>
    /// Follows the mark on an app: the first rows before this returns, the rest in the background. Never fails: the tokens are ended
    /// already.
    /// </summary>
    internal async Task BeginAsync(string appId)
    {
        try
        {
            for (var step = 0; step < StepsToWaitFor; step++)
                if (!await StepAsync(appId))
                    return;
        }
        catch (Exception exception)
        {
            LogPutOff(log, exception);
        }

        _waiting.Writer.TryWrite(appId);
    }

    /// <summary>Follows all marks that there are, to their end.</summary>
    internal async Task SweepAllAsync(CancellationToken cancellationToken)
    {
        while (await ledger.ListEndingAsync(AppsAtATime) is { Count: > 0 } apps)
            foreach (var appId in apps)
                await SweepToTheEndAsync(appId, cancellationToken);
    }

    /// <summary>Follows the marks on the apps of one account, to their end.</summary>
    internal async Task FinishAppsOfAsync(string accountId, CancellationToken cancellationToken)
    {
        foreach (var appId in await ledger.ListEndingOfAsync(accountId))
            await SweepToTheEndAsync(appId, cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(FollowNewMarksAsync(stoppingToken), FollowLeftMarksAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The portal stops; the marks stay, and the next start goes on.
        }
    }

    private async Task FollowNewMarksAsync(CancellationToken stopping)
    {
        await foreach (var appId in _waiting.Reader.ReadAllAsync(stopping))
            await TryAsync(() => SweepToTheEndAsync(appId, stopping), stopping);
    }

    /// <summary>Marks that a stop, a failure or another node left behind.</summary>
    private async Task FollowLeftMarksAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        do
            await TryAsync(() => SweepAllAsync(stopping), stopping);
        while (await timer.WaitForNextTickAsync(stopping));
    }

    private async Task TryAsync(Func<Task> work, CancellationToken stopping)
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            // An exception that left a background service would stop the portal. The marks stay, and the next round goes on.
            LogPutOff(log, exception);
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

        GrantMetrics.Ended(swept.Ended, "developer");
        foreach (var accountId in swept.Accounts)
            changes.Publish(accountId);
        return true;
    }

    [LoggerMessage(1311, LogLevel.Warning, "The rows of ended tokens are changed later. The tokens are ended all the same.")]
    private static partial void LogPutOff(ILogger log, Exception exception);
}
