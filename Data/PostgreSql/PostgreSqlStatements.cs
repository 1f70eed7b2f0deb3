using System.Data.Common;
using Npgsql;
using Xeno.Portal.Data.Statements;

namespace Xeno.Portal.Data.PostgreSql;

/// <summary>
/// Statements on PostgreSQL: each on a pooled connection, which prepares repeated statements. The server groups commits by itself, so
/// <see cref="ExpectCommit"/> does nothing here.
/// </summary>
internal sealed class PostgreSqlStatements(NpgsqlDataSource source, ConnectionTurns turns, ReadOnlyServer? readOnly = null) : IStatements
{
    public ValueTask<T?> FindAsync<T>(Statement statement, Func<DbDataReader, T> read, params ReadOnlySpan<object?> values) where T : class
        => OnceAsync(With(values, new NpgsqlCommand(statement.SqlWithLocks)), read, FirstAsync);

    public ValueTask<IReadOnlyList<T>> ListAsync<T>(Statement statement, Func<DbDataReader, T> read, params ReadOnlySpan<object?> values)
        where T : class
        => OnceAsync(With(values, new NpgsqlCommand(statement.SqlWithLocks)), read, AllAsync);

    public async Task<T> CommitAsync<T>(Func<IStatementTransaction, ValueTask<T>> work)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = source.CreateConnection();
                await turns.OpenAsync(connection);
                await using var transaction = await connection.BeginTransactionAsync();
                var result = await work(new OpenTransaction(connection));
                await transaction.CommitAsync();
                return result;
            }
            catch (PostgresException conflict) when (attempt < TransactionRetry.Attempts && TransactionRetry.IsConflict(conflict))
            {
                await Task.Delay(TransactionRetry.DelayBefore(attempt + 1));
            }
            catch (PostgresException failure)
            {
                readOnly?.Judge(failure);
                throw;
            }
        }
    }

    public IDisposable ExpectCommit() => NoExpectation.Instance;

    private async ValueTask<TResult> OnceAsync<T, TResult>(
        NpgsqlCommand command, Func<DbDataReader, T> read, Func<NpgsqlCommand, Func<DbDataReader, T>, ValueTask<TResult>> run)
    {
        await using var connection = source.CreateConnection();
        await turns.OpenAsync(connection);
        command.Connection = connection;
        return await run(command, read);
    }

    private static async ValueTask<T?> FirstAsync<T>(NpgsqlCommand command, Func<DbDataReader, T> read) where T : class
    {
        await using (command)
        {
            await using var rows = await command.ExecuteReaderAsync();
            return await rows.ReadAsync() ? read(rows) : null;
        }
    }

    private static async ValueTask<IReadOnlyList<T>> AllAsync<T>(NpgsqlCommand command, Func<DbDataReader, T> read) where T : class
    {
        await using (command)
        {
            var found = new List<T>();
            await using var rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync())
                found.Add(read(rows));
            return found;
        }
    }

    private static NpgsqlCommand With(ReadOnlySpan<object?> values, NpgsqlCommand command)
    {
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter
            {
                Value = value switch
                {
                    null => DBNull.Value,
                    DateTimeOffset instant => instant.UtcDateTime,
                    _ => value,
                },
            });
        return command;
    }

    private sealed class OpenTransaction(NpgsqlConnection connection) : IStatementTransaction
    {
        public ValueTask<int> ExecuteAsync(Statement statement, params ReadOnlySpan<object?> values)
            => ExecuteAsync(With(values, new NpgsqlCommand(statement.SqlWithLocks, connection)));

        public ValueTask LockAsync(Statement statement, params ReadOnlySpan<object?> values)
            => new(ExecuteAsync(With(values, new NpgsqlCommand(statement.SqlWithLocks, connection))).AsTask());

        public ValueTask<T?> FindAsync<T>(Statement statement, Func<DbDataReader, T> read, params ReadOnlySpan<object?> values)
            where T : class
            => FirstAsync(With(values, new NpgsqlCommand(statement.SqlWithLocks, connection)), read);

        public ValueTask<IReadOnlyList<T>> ListAsync<T>(
            Statement statement, Func<DbDataReader, T> read, params ReadOnlySpan<object?> values)
            where T : class
            => AllAsync(With(values, new NpgsqlCommand(statement.SqlWithLocks, connection)), read);

        private static async ValueTask<int> ExecuteAsync(NpgsqlCommand command)
        {
            await using (command)
                return await command.ExecuteNonQueryAsync();
        }
    }

    private sealed class NoExpectation : IDisposable
    {
        public static NoExpectation Instance { get; } = new();

        public void Dispose()
        {
            // Nothing to release.
        }
    }
}
