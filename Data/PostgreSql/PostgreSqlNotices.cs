using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Xeno.Portal.Data.Nodes;

namespace Xeno.Portal.Data.PostgreSql;

/// <summary>
/// Notices by PostgreSQL's <c>LISTEN</c> and <c>NOTIFY</c>. They are sent after the commit, several at a time, and not inside the
/// transaction: the server commits transactions that notify only one after the other. When nothing was heard for a while, a node sends a
/// notice to itself: a line on which even that does not arrive is dead, whatever the network says of it, and is opened anew.
/// </summary>
internal sealed partial class PostgreSqlNotices(
    NpgsqlDataSource source, ConnectionTurns turns, ListeningLine line, ILogger<PostgreSqlNotices> log) : BackgroundService, INodeNotices
{
    // The subject of a notice that a node sends to itself.
    private const string Echo = "";

    private const int MostAtOnce = 10_000;

    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(1);

    /// <summary>How long a line may be silent before it is tried, and how long its answer may take.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(15), s_answer = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_untilTriedAgain = TimeSpan.FromMinutes(1);

    // Bounded, so that memory is bounded while the database is away. A page that misses a notice is refreshed by the next one.
    private readonly Channel<string> _outgoing = System.Threading.Channels.Channel.CreateBounded<string>(
        new BoundedChannelOptions(MostAtOnce) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    // Taken, and not sent yet: when sending fails they stay, and go with the next attempt.
    private readonly HashSet<string> _unsent = new(StringComparer.Ordinal);

    private bool _wasHeard, _isTold;
    private Action<string?>? _listeners;

    public void Publish(string subject) => _outgoing.Writer.TryWrite(subject);

    public void Subscribe(Action<string?> listener) => _listeners += listener;

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!line.CanHear)
            LogDeaf(log);
        return Task.WhenAll(
            line.CanHear ? RetryAsync(ReceiveAsync, stoppingToken) : Task.CompletedTask, RetryAsync(SendAsync, stoppingToken));
    }

    private async Task RetryAsync(Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await work(stopping);
            }
            catch (NpgsqlException lost)
            {
                LogLost(log, lost.Message);
                await Task.Delay(s_retryDelay, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ReceiveAsync(CancellationToken stopping)
    {
        await using var connection = await line.OpenAsync(stopping);
        connection.Notification += (_, notice) =>
        {
            // "node:subject". A node also receives its own notices, and ignores them.
            if (notice.Payload.Split(':', 2) is [var node, var subject] && node != line.Node && subject != Echo)
                _listeners?.Invoke(subject);
        };

        await using (var listen = new NpgsqlCommand(line.Listen, connection))
            await listen.ExecuteNonQueryAsync(stopping);
        _listeners?.Invoke(null);

        while (true)
        {
            Publish(Echo);
            if (!await connection.WaitAsync(s_answer, stopping))
            {
                await GiveUpAsync(stopping);
                return;
            }

            (_wasHeard, _isTold) = (true, false);
            while (await connection.WaitAsync(s_silence, stopping))
            {
                // Each notice shows that the line is alive.
            }
        }
    }

    private async Task GiveUpAsync(CancellationToken stopping)
    {
        if (_wasHeard)
        {
            // The line is dead. So are, as a rule, the connections of the pool, which lead the same way.
            LogSilent(log);
            source.Clear();
            return;
        }

        if (!_isTold)
            LogNeverHeard(log);
        _isTold = true;
        await Task.Delay(s_untilTriedAgain, stopping);
    }

    private async Task SendAsync(CancellationToken stopping)
    {
        while (_unsent.Count > 0 || await _outgoing.Reader.WaitToReadAsync(stopping))
        {
            while (_unsent.Count < MostAtOnce && _outgoing.Reader.TryRead(out var subject))
                _unsent.Add($"{line.Node}:{subject}");

            await using var connection = source.CreateConnection();
            await turns.OpenAsync(connection, stopping);
            await using var notify = new NpgsqlCommand("SELECT pg_notify($1, payload) FROM unnest($2) AS payload", connection);
            notify.Parameters.Add(new NpgsqlParameter { Value = ListeningLine.Channel });
            notify.Parameters.Add(new NpgsqlParameter { Value = _unsent.ToArray() });
            await notify.ExecuteNonQueryAsync(stopping);
            _unsent.Clear();
        }
    }

    [LoggerMessage(1603, LogLevel.Warning,
        "The connection for notices between nodes is dead: a notice to this node itself did not arrive. It is opened again.")]
    private static partial void LogSilent(ILogger log);

    [LoggerMessage(1604, LogLevel.Warning,
        "Notices to this node itself do not arrive, so open pages show changes of other nodes late. Behind a transaction pooler such as "
        + "PgBouncer set Database:BehindTransactionPooler=true, and Database:ListenConnectionString to the server itself.")]
    private static partial void LogNeverHeard(ILogger log);

    [LoggerMessage(1605, LogLevel.Warning,
        "Database:BehindTransactionPooler is set without Database:ListenConnectionString: open pages show changes of other nodes late. Set "
        + "it to a connection string that leads to the server itself.")]
    private static partial void LogDeaf(ILogger log);

    [LoggerMessage(1601, LogLevel.Warning, "The connection for notices between nodes is down; open pages may show changes late: {Reason}")]
    private static partial void LogLost(ILogger log, string reason);
}
