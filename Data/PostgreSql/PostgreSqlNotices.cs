using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Xeno.Portal.Data.Nodes;

namespace Xeno.Portal.Data.PostgreSql;

/// <summary>
/// Notices by PostgreSQL's <c>LISTEN</c> and <c>NOTIFY</c>. They are sent after the commit, several at a time, and not inside the
/// transaction: the server commits transactions that notify only one after the other.
/// </summary>
internal sealed partial class PostgreSqlNotices(NpgsqlDataSource source, ILogger<PostgreSqlNotices> log) : BackgroundService, INodeNotices
{
    private const string Channel = "xeno_portal";

    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(1);

    // Bounded, so that memory is bounded while the database is away. A page that misses a notice is refreshed by the next one.
    private readonly Channel<string> _outgoing = System.Threading.Channels.Channel.CreateBounded<string>(
        new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly string _thisNode = Guid.NewGuid().ToString("N");
    private Action<string?>? _listeners;

    public void Publish(string subject) => _outgoing.Writer.TryWrite(subject);

    public void Subscribe(Action<string?> listener) => _listeners += listener;

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
        => Task.WhenAll(RetryAsync(ReceiveAsync, stoppingToken), RetryAsync(SendAsync, stoppingToken));

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
        await using var connection = await source.OpenConnectionAsync(stopping);
        connection.Notification += (_, notice) =>
        {
            // "node:subject". A node also receives its own notices, and ignores them.
            if (notice.Payload.Split(':', 2) is [var node, var subject] && node != _thisNode)
                _listeners?.Invoke(subject);
        };

        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
            await listen.ExecuteNonQueryAsync(stopping);
        _listeners?.Invoke(null);

        while (true)
            await connection.WaitAsync(stopping);
    }

    private async Task SendAsync(CancellationToken stopping)
    {
        while (await _outgoing.Reader.WaitToReadAsync(stopping))
        {
            var waiting = new HashSet<string>(StringComparer.Ordinal);
            while (_outgoing.Reader.TryRead(out var subject))
                waiting.Add($"{_thisNode}:{subject}");

            await using var notify = source.CreateCommand("SELECT pg_notify($1, payload) FROM unnest($2) AS payload");
            notify.Parameters.Add(new NpgsqlParameter { Value = Channel });
            notify.Parameters.Add(new NpgsqlParameter { Value = waiting.ToArray() });
            await notify.ExecuteNonQueryAsync(stopping);
        }
    }

    [LoggerMessage(1601, LogLevel.Warning, "The connection for notices between nodes is down; open pages may show changes late: {Reason}")]
    private static partial void LogLost(ILogger log, string reason);
}
