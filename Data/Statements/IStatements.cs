using System.Data.Common;

namespace Xeno.Portal.Data.Statements;

/// <summary>Runs <see cref="Statement"/>s on the database that the settings choose. One for the whole host; safe for any number of callers.</summary>
public interface IStatements
{
    /// <summary>The first row, read outside any transaction from what is committed; null when there is none.</summary>
    ValueTask<T?> FindAsync<T>(Statement statement, Func<DbDataReader, T> read, params ReadOnlySpan<object?> values) where T : class;

    /// <summary>All rows, read as <see cref="FindAsync"/> does.</summary>
    ValueTask<IReadOnlyList<T>> ListAsync<T>(Statement statement, Func<DbDataReader, T> read, params ReadOnlySpan<object?> values) where T : class;

    /// <summary>
    /// Does <paramref name="work"/> in a transaction, and answers once it is on disk. Work that throws leaves nothing behind. It may wait for
    /// nothing but the statements it is handed: others wait for it, and may share its commit.
    /// </summary>
    /// <exception cref="DbException">The work or its commit failed; nothing of it was kept.</exception>
    Task<T> CommitAsync<T>(Func<IStatementTransaction, ValueTask<T>> work);

    /// <summary>
    /// Tells that a request has begun which will probably commit, until the answer is disposed: a commit that is about to be made may wait a
    /// moment for it, and both share one flush of the disk. Nothing is promised by it, and nothing lost without it.
    /// </summary>
    IDisposable ExpectCommit();
}

/// <summary>A transaction that is open while its work runs.</summary>
public interface IStatementTransaction
{
    /// <summary>Executes a writing statement and gives the number of rows it changed.</summary>
    ValueTask<int> ExecuteAsync(Statement statement, params ReadOnlySpan<object?> values);

    /// <summary>
    /// Runs a statement that only takes locks until the transaction ends. A database with one writer at a time needs none and skips it.
    /// </summary>
    ValueTask LockAsync(Statement statement, params ReadOnlySpan<object?> values);

    /// <summary>The first row that a statement finds, or returns of what it wrote; null when there is none.</summary>
    ValueTask<T?> FindAsync<T>(Statement statement, Func<DbDataReader, T> read, params ReadOnlySpan<object?> values) where T : class;
}
