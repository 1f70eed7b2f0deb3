using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Xeno.Portal.Data.Nodes;

namespace Xeno.Portal.Data.PostgreSql;

/// <summary>
/// Notices by <c>LISTEN</c> and <c>NOTIFY</c>: no broker to run. They are sent after the commit they are about and several at a time, not
/// within it, because the server lets transactions that notify commit only one after the other.
/// </summary>
internal sealed partial class PostgreSqlNotices(NpgsqlDataSource source, ILogger<PostgreSqlNotices> log) : BackgroundService, INodeNotices
{
    private const string Channel = "xeno_portal";

    private static readonly TimeSpan s_beforeAnotherTry = TimeSpan.FromSeconds(1);

    // A page that was not told shows its next change; a queue without end would be worse.
    private readonly Channel<string> _outgoing = System.Threading.Channels.Channel.CreateBounded<string>(
        new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly string _thisNode = Guid.NewGuid().ToString("N");
    private Action<string?>? _listeners;

    public void Tell(string about) => _outgoing.Writer.TryWrite(about);

    public void Listen(Action<string?> listener) => _listeners += listener;

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
        => Task.WhenAll(AgainAndAgainAsync(HearAsync, stoppingToken), AgainAndAgainAsync(SendAsync, stoppingToken));

    private async Task AgainAndAgainAsync(Func<CancellationToken, Task> work, CancellationToken stopping)
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
                await Task.Delay(s_beforeAnotherTry, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task HearAsync(CancellationToken stopping)
    {
        await using var connection = await source.OpenConnectionAsync(stopping);
        connection.Notification += (_, notice) =>
        {
            // "node:about"; what this node said its own pages know already.
            if (notice.Payload.Split(':', 2) is [var node, var about] && node != _thisNode)
                _listeners?.Invoke(about);
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
            while (_outgoing.Reader.TryRead(out var about))
                waiting.Add($"{_thisNode}:{about}");

            await using var notify = source.CreateCommand("SELECT pg_notify($1, payload) FROM unnest($2) AS payload");
            notify.Parameters.Add(new NpgsqlParameter { Value = Channel });
            notify.Parameters.Add(new NpgsqlParameter { Value = waiting.ToArray() });
            await notify.ExecuteNonQueryAsync(stopping);
        }
    }

    [LoggerMessage(1601, LogLevel.Warning, "The line to the other nodes is down, open pages may show changes late: {Reason}")]
    private static partial void LogLost(ILogger log, string reason);
}
