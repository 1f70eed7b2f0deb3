using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Xeno.Portal.Data.Sqlite;

/// <summary>
/// Lets one writer of this process at a time to the database, first come first served: EF Core's transactions and lone updates as its
/// interceptor, the <see cref="SqliteWriter"/>'s batches by <see cref="Enter"/>. Without it the writers meet at SQLite's own lock, where
/// waiting is done by asking again and again, and whoever asks least often starves.
/// </summary>
internal sealed class SqliteWriteGate : IDbTransactionInterceptor, IDbCommandInterceptor, IDbConnectionInterceptor, IDisposable
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _free = new(1, 1);

    // Whose connection is inside. A transaction that is disposed without an end is rolled back without a word to interceptors; its
    // connection is closed, though, and that is when it leaves at the latest.
    private readonly ConditionalWeakTable<DbConnection, object> _inside = [];

    public void Enter()
    {
        if (!_free.Wait(s_longestWait))
            throw Busy();
    }

    public void Leave() => _free.Release();

    public void Dispose() => _free.Dispose();

    /// <inheritdoc />
    public async ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result,
        CancellationToken cancellationToken = default)
    {
        await EnterAsync(connection, cancellationToken);
        return result;
    }

    /// <inheritdoc />
    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
        => LeaveAsync(eventData.Context?.Database.GetDbConnection());

    /// <inheritdoc />
    public Task TransactionRolledBackAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
        => LeaveAsync(eventData.Context?.Database.GetDbConnection());

    /// <inheritdoc />
    public async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (command.Transaction is null)
            await EnterAsync(command.Connection!, cancellationToken);
        return result;
    }

    /// <inheritdoc />
    public ValueTask<int> NonQueryExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (command.Transaction is null)
            Leave(command.Connection);
        return ValueTask.FromResult(result);
    }

    /// <inheritdoc />
    public Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
        => command.Transaction is null ? LeaveAsync(command.Connection) : Task.CompletedTask;

    /// <inheritdoc />
    public void ConnectionClosed(DbConnection connection, ConnectionEndEventData eventData) => Leave(connection);

    /// <inheritdoc />
    public Task ConnectionClosedAsync(DbConnection connection, ConnectionEndEventData eventData) => LeaveAsync(connection);

    // A transaction that could not begin leaves its connection open, and EF Core disposes such a connection without closing it first.
    /// <inheritdoc />
    public void ConnectionDisposed(DbConnection connection, ConnectionEndEventData eventData) => Leave(connection);

    /// <inheritdoc />
    public Task ConnectionDisposedAsync(DbConnection connection, ConnectionEndEventData eventData) => LeaveAsync(connection);

    private async ValueTask EnterAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        if (_inside.TryGetValue(connection, out _))
            return;
        if (!await _free.WaitAsync(s_longestWait, cancellationToken))
            throw Busy();
        _inside.Add(connection, this);
    }

    private Task LeaveAsync(DbConnection? connection)
    {
        Leave(connection);
        return Task.CompletedTask;
    }

    private void Leave(DbConnection? connection)
    {
        if (connection is not null && _inside.Remove(connection))
            Leave();
    }

    private static DatabaseBusyException Busy() => new();
}
