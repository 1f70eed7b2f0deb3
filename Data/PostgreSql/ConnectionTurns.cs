using System.Data;
using System.Data.Common;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Xeno.Portal.Data.PostgreSql;

/// <summary>
/// Opens all connections of a node. They wait for a turn when the node has as many in use as it may have (<see cref="Allow"/>), and when
/// the server has no room for another one (SQLSTATE 53300): somebody else's place becomes free sooner than a client asks again.
/// </summary>
internal sealed class ConnectionTurns : DbConnectionInterceptor, IDisposable
{
    /// <summary>How long a request waits before it is refused.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);

    private readonly StateChangeEventHandler _leaveWhenClosed;
    private readonly Lock _changing = new();
    private readonly SemaphoreSlim _turns;

    // One asks the server for room, the others wait for it: each question costs the server a process.
    private readonly SemaphoreSlim _asking = new(1);

    private int _most;
    private bool _isDisposed;

    // Turns that were taken away while they were in use: they end with it.
    private int _tooMany;

    /// <param name="pool">How many connections the pool may have.</param>
    public ConnectionTurns(int pool)
    {
        (_most, Pool, _turns) = (pool, pool, new SemaphoreSlim(pool));
        _leaveWhenClosed = LeaveWhenClosed;
    }

    /// <summary>How many connections the pool may have.</summary>
    public int Pool { get; }

    /// <summary>Sets how many connections may be in use at the same time: at least one, at most those of the pool.</summary>
    /// <returns>Whether these are fewer than before.</returns>
    public bool Allow(int most)
    {
        lock (_changing)
        {
            var more = Math.Clamp(most, 1, Pool) - _most;
            _most += more;
            var paid = Math.Clamp(more, 0, _tooMany);
            _tooMany += Math.Max(-more, 0) - paid;
            if (more > paid)
                _turns.Release(more - paid);
            while (_tooMany > 0 && _turns.Wait(0))
                _tooMany--;
            return more < 0;
        }
    }

    /// <summary>Opens a connection. Its turn ends when it is closed.</summary>
    /// <exception cref="NpgsqlException">No turn came, or the server cannot be reached.</exception>
    public async ValueTask OpenAsync(NpgsqlConnection connection, CancellationToken cancellationToken = default)
    {
        var since = Stopwatch.GetTimestamp();
        if (!await _turns.WaitAsync(Longest, cancellationToken))
            throw new NpgsqlException("All connections of this node are in use.", new TimeoutException("None became free in time."));
        try
        {
            await OpenWhenThereIsRoomAsync(connection, since, cancellationToken);
        }
        catch
        {
            Leave();
            throw;
        }

        connection.StateChange += _leaveWhenClosed;
    }

    /// <inheritdoc />
    public override async ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        await OpenAsync((NpgsqlConnection)connection, cancellationToken);
        return InterceptionResult.Suppress();
    }

    /// <inheritdoc />
    public override InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        OpenAsync((NpgsqlConnection)connection).AsTask().GetAwaiter().GetResult();
        return InterceptionResult.Suppress();
    }

    public void Dispose()
    {
        lock (_changing)
        {
            _isDisposed = true;
            _turns.Dispose();
            _asking.Dispose();
        }
    }

    private async ValueTask OpenWhenThereIsRoomAsync(NpgsqlConnection connection, long since, CancellationToken cancellationToken)
    {
        try
        {
            await connection.OpenAsync(cancellationToken);
            return;
        }
        catch (NpgsqlException full) when (IsFull(full))
        {
            // Below.
        }

        await _asking.WaitAsync(cancellationToken);
        try
        {
            while (true)
            {
                try
                {
                    await connection.OpenAsync(cancellationToken);
                    return;
                }
                catch (NpgsqlException full) when (IsFull(full) && Stopwatch.GetElapsedTime(since) < Longest)
                {
                    await Task.Delay(s_pause, cancellationToken);
                }
            }
        }
        finally
        {
            _asking.Release();
        }
    }

    // Of several servers, the driver gives the failures of all.
    private static bool IsFull(Exception failure) => failure is PostgresException { SqlState: PostgresErrorCodes.TooManyConnections }
        || (failure.InnerException is AggregateException several && several.InnerExceptions.Any(IsFull));

    private void LeaveWhenClosed(object sender, StateChangeEventArgs change)
    {
        if (change.CurrentState is ConnectionState.Open)
            return;
        ((NpgsqlConnection)sender).StateChange -= _leaveWhenClosed;
        Leave();
    }

    private void Leave()
    {
        lock (_changing)
            if (_tooMany > 0)
                _tooMany--;
            else if (!_isDisposed) // A connection may be closed after that, while the host ends.
                _turns.Release();
    }
}
