using System.Collections.Concurrent;
using System.Data.Common;
using Xeno.Portal.Data.Statements;

namespace Xeno.Portal.Data.Sqlite;

/// <summary>
/// Statements on SQLite. Readers run at the same time, each on its own connection, as WAL allows. All writes go through the one
/// <see cref="SqliteWriter"/>.
/// </summary>
internal sealed class SqliteStatements(string connectionString, SqliteWriteGate gate) : IStatements, IDisposable
{
    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private readonly Lazy<SqliteWriter> _writer = new(() => new SqliteWriter(new SqliteSession(connectionString), gate));

    private Expectation? _expectation;

    public ValueTask<T?> FindAsync<T>(Statement statement, Func<DbDataReader, T> read, params ReadOnlySpan<object?> values) where T : class
    {
        var session = Take();
        try
        {
            return ValueTask.FromResult(session.Find(statement, read, values));
        }
        finally
        {
            _idle.Add(session);
        }
    }

    public ValueTask<IReadOnlyList<T>> ListAsync<T>(Statement statement, Func<DbDataReader, T> read, params ReadOnlySpan<object?> values)
        where T : class
    {
        var session = Take();
        try
        {
            return ValueTask.FromResult(session.List(statement, read, values));
        }
        finally
        {
            _idle.Add(session);
        }
    }

    public Task<T> CommitAsync<T>(Func<IStatementTransaction, ValueTask<T>> work) => _writer.Value.CommitAsync(work);

    public IDisposable ExpectCommit()
    {
        _writer.Value.Expect();
        return _expectation ??= new Expectation(_writer.Value);
    }

    public void Dispose()
    {
        if (_writer.IsValueCreated)
            _writer.Value.Dispose();
        while (_idle.TryTake(out var session))
            session.Dispose();
    }

    private SqliteSession Take() => _idle.TryTake(out var session) ? session : new SqliteSession(connectionString);

    /// <summary>One instance serves all callers, because the writer only counts.</summary>
    private sealed class Expectation(SqliteWriter writer) : IDisposable
    {
        public void Dispose() => writer.ExpectNoMore();
    }
}
