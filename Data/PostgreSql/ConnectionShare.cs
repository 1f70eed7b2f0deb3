using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Xeno.Portal.Data.PostgreSql;

/// <summary>
/// Asks the server how many connections it has for the portal, and how many nodes share them, and keeps this node to its share. Without
/// that, the node that was busy first would keep all of them in its pool, and the others would get none.
/// </summary>
internal sealed partial class ConnectionShare(
    NpgsqlDataSource source, ConnectionTurns turns, ListeningLine line, ILogger<ConnectionShare> log) : BackgroundService
{
    // Shorter than a request waits for a connection: a node that starts gets its share before its first requests give up.
    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(5);

    /// <summary>What is left for a node that starts, for a backup, for an operator.</summary>
    private const int LeftOver = 3;

    // Another node is seen by the line on which it listens: the last thing done there is that statement.
    private const string Question = $"""
        SELECT least(
            current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
                - coalesce(current_setting('reserved_connections', true)::int, 0),
            (SELECT nullif(rolconnlimit, -1) FROM pg_roles WHERE rolname = current_user),
            (SELECT nullif(datconnlimit, -1) FROM pg_database WHERE datname = current_database())),
            (SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND query LIKE '{ListeningLine.Listening}%' AND query <> $1)
        """;

    private (int Server, int Nodes) _before;
    private bool _hasWarned;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (line.IsBehindPooler)
            return; // The pooler has the connections to the server.

        using var rounds = new PeriodicTimer(s_round);
        try
        {
            do
                await AskAsync(stoppingToken);
            while (await rounds.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The portal stops.
        }
    }

    private async Task AskAsync(CancellationToken stopping)
    {
        try
        {
            await using var connection = source.CreateConnection();
            await turns.OpenAsync(connection, stopping);
            await using var question = new NpgsqlCommand(Question, connection);
            question.Parameters.Add(new NpgsqlParameter { Value = line.Listen });
            await using var answer = await question.ExecuteReaderAsync(stopping);
            await answer.ReadAsync(stopping);
            Share(answer.GetInt32(0), nodes: 1 + (int)answer.GetInt64(1));
        }
        catch (NpgsqlException)
        {
            // The next round asks again. The health check reports that the server does not answer.
        }
    }

    private void Share(int server, int nodes)
    {
        if (_before == (server, nodes))
            return;
        _before = (server, nodes);

        // A line from the pool is one of the pool's.
        var own = turns.Pool + (line.IsOwn ? 1 : 0);
        var fits = own * nodes <= server;
        if (!fits && !_hasWarned)
        {
            LogTooMany(log, nodes, own * nodes, server, Math.Max((server / nodes) - (line.IsOwn ? 1 : 0), 2));
            _hasWarned = true;
        }

        var most = fits ? turns.Pool : Math.Max(((server - LeftOver) / nodes) - 1, 1);
        LogShare(log, nodes, server, most);
        if (turns.Allow(most))
            source.Clear(); // What is open and not in use; the rest when it is returned.
    }

    [LoggerMessage(1607, LogLevel.Debug, "{Nodes} node(s) share {Server} connections of the server; this one uses {Most} at most.")]
    private static partial void LogShare(ILogger log, int nodes, int server, int most);

    [LoggerMessage(1606, LogLevel.Warning,
        "The server has fewer connections than the pools may open: {Nodes} node(s) may open {Wanted}, and it has {Server}. Each node keeps "
        + "to its share, and requests wait for their turn. Set Database:MaxConnections to {Fitting} or less on each node, or raise "
        + "max_connections.")]
    private static partial void LogTooMany(ILogger log, int nodes, int wanted, int server, int fitting);
}
