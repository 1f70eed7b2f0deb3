using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Xeno.Portal.Data.Sqlite;

/// <summary>
/// Lets one writer of this process at a time use the database, in the order of arrival: EF Core's transactions and single updates as an
/// interceptor, the batches of <see cref="SqliteWriter"/> by <see cref="Enter"/>. SQLite's own lock is not fair: waiting writers poll it,
/// and one that polls rarely may wait forever.
/// </summary>
internal sealed class SqliteWriteGate : IDbTransactionInterceptor, IDbCommandInterceptor, IDbConnectionInterceptor, IDisposable
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _free = new(1, 1);

    // The connections that hold the gate. Interceptors are not called when a transaction is disposed without commit or rollback; its
    // connection is closed then, and leaves the gate in ConnectionClosed.
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
    public Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
        => LeaveAsync(eventData.Context?.Database.GetDbConnection());

    /// <inheritdoc />
    public Task TransactionRolledBackAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
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
