using System.Data.Common;
using Microsoft.Data.Sqlite;
using Xeno.Portal.Data.Statements;

namespace Xeno.Portal.Data.Sqlite;

/// <summary>
/// One connection with its prepared statements, open as long as the host runs. For one caller at a time. SQLite runs in this process, so
/// every call has finished when it returns.
/// </summary>
internal sealed class SqliteSession : IStatementTransaction, IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<Statement, SqliteCommand> _prepared = [];

    public SqliteSession(string connectionString)
    {
        // The session keeps the connection open, so the driver's pool is not needed.
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder(connectionString) { Pooling = false }.ToString());
        _connection.Open();
        using var pragmas = _connection.CreateCommand();
        pragmas.CommandText = SqliteConnectionSettings.Pragmas(_connection);
        pragmas.ExecuteNonQuery();
    }

    public T? Find<T>(Statement statement, Func<DbDataReader, T> read, ReadOnlySpan<object?> values) where T : class
    {
        using var rows = Prepared(statement, values).ExecuteReader();
        return rows.Read() ? read(rows) : null;
    }

    public IReadOnlyList<T> List<T>(Statement statement, Func<DbDataReader, T> read, ReadOnlySpan<object?> values) where T : class
    {
        var found = new List<T>();
        using var rows = Prepared(statement, values).ExecuteReader();
        while (rows.Read())
            found.Add(read(rows));
        return found;
    }

    public int Execute(Statement statement, params ReadOnlySpan<object?> values) => Prepared(statement, values).ExecuteNonQuery();

    public ValueTask<int> ExecuteAsync(Statement statement, params ReadOnlySpan<object?> values)
        => ValueTask.FromResult(Execute(statement, values));

    public ValueTask LockAsync(Statement statement, params ReadOnlySpan<object?> values) => ValueTask.CompletedTask;

    public ValueTask<T?> FindAsync<T>(Statement statement, Func<DbDataReader, T> read, params ReadOnlySpan<object?> values) where T : class
        => ValueTask.FromResult(Find(statement, read, values));

    public ValueTask<IReadOnlyList<T>> ListAsync<T>(Statement statement, Func<DbDataReader, T> read, params ReadOnlySpan<object?> values)
        where T : class
        => ValueTask.FromResult(List(statement, read, values));

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
            command.Dispose();
        _connection.Dispose();
    }

    private SqliteCommand Prepared(Statement statement, ReadOnlySpan<object?> values)
    {
        if (!_prepared.TryGetValue(statement, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = statement.Sql;
            for (var number = 1; number <= statement.Parameters; number++)
                command.Parameters.Add(new SqliteParameter { ParameterName = $"${number}" });
            _prepared.Add(statement, command);
        }

        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] switch
            {
                null => DBNull.Value,
                DateTimeOffset instant => instant.UtcTicks,
                var value => value,
            };
        return command;
    }
}
