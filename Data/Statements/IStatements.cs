using System.Data.Common;

namespace Xeno.Portal.Data.Statements;

/// <summary>Runs <see cref="Statement"/>s on the database of the settings. One instance for the host; safe to call concurrently.</summary>
public interface IStatements
{
    /// <summary>The first row of the committed data, read outside any transaction; null when there is none.</summary>
    ValueTask<T?> FindAsync<T>(Statement statement, Func<DbDataReader, T> read, params ReadOnlySpan<object?> values) where T : class;

    /// <summary>All rows, read as <see cref="FindAsync"/> does.</summary>
    ValueTask<IReadOnlyList<T>> ListAsync<T>(Statement statement, Func<DbDataReader, T> read, params ReadOnlySpan<object?> values)
        where T : class;

    /// <summary>
    /// Runs <paramref name="work"/> in a transaction, and returns once the commit is on disk. If the work throws, its changes are rolled
    /// back. The work may await only the statements of its transaction: other callers wait for it, and may share its commit. It may be run
    /// more than once (see <c>TransactionRetry</c>).
    /// </summary>
    /// <exception cref="DbException">The work or its commit failed; nothing was changed.</exception>
    Task<T> CommitAsync<T>(Func<IStatementTransaction, ValueTask<T>> work);

    /// <summary>
    /// Announces that the current request will probably commit, until the result is disposed. Another commit may wait up to 20 milliseconds
    /// for it, so that both share one flush of the disk. Only an optimization: every commit also works without it.
    /// </summary>
    IDisposable ExpectCommit();
}

/// <summary>A transaction that is open while its work runs.</summary>
public interface IStatementTransaction
{
    /// <summary>Executes a statement that writes, and returns the number of rows it changed.</summary>
    ValueTask<int> ExecuteAsync(Statement statement, params ReadOnlySpan<object?> values);

    /// <summary>
    /// Runs a statement that only takes locks until the transaction ends. A database with one writer at a time needs none and skips it.
    /// </summary>
    ValueTask LockAsync(Statement statement, params ReadOnlySpan<object?> values);

    /// <summary>The first row that a statement finds, or that its RETURNING clause returns; null when there is none.</summary>
    ValueTask<T?> FindAsync<T>(Statement statement, Func<DbDataReader, T> read, params ReadOnlySpan<object?> values) where T : class;

    /// <summary>All rows that a statement finds.</summary>
    ValueTask<IReadOnlyList<T>> ListAsync<T>(Statement statement, Func<DbDataReader, T> read, params ReadOnlySpan<object?> values)
        where T : class;
}
