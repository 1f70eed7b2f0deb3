using Xeno.Portal.Data.Statements;

namespace Xeno.Portal.Data.Sqlite;

/// <summary>
/// The writer of this process: SQLite allows one at a time. All work that waits is committed together, so that many callers share one flush
/// of the disk; each caller is answered only after the flush. A single caller does not wait for others.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    private static readonly Statement s_begin = new("BEGIN IMMEDIATE");
    private static readonly Statement s_commit = new("COMMIT");
    private static readonly Statement s_rollback = new("ROLLBACK");
    private static readonly Statement s_savepoint = new("SAVEPOINT work");
    private static readonly Statement s_release = new("RELEASE work");
    private static readonly Statement s_undo = new("ROLLBACK TO work");

    private readonly SqliteSession _session;
    private readonly SqliteWriteGate _gate;
    private readonly Thread _thread;
    private readonly object _lock = new();

    private List<Work> _waiting = [];
    private int _expected;
    private bool _ends;

    public SqliteWriter(SqliteSession session, SqliteWriteGate gate)
    {
        (_session, _gate) = (session, gate);
        _thread = new Thread(Write) { Name = "SQLite writer", IsBackground = true };
        _thread.Start();
    }

    public Task<T> CommitAsync<T>(Func<IStatementTransaction, ValueTask<T>> work)
    {
        var entry = new Work<T>(work);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_ends, this);
            _waiting.Add(entry);
            if (_waiting.Count == 1 || _waiting.Count >= _expected)
                Monitor.Pulse(_lock);
        }

        return entry.Task;
    }

    /// <summary>Announces a commit that will probably come soon, until <see cref="ExpectNoMore"/>.</summary>
    public void Expect()
    {
        lock (_lock)
            _expected++;
    }

    /// <summary>The announced commit has been made, or will not come.</summary>
    public void ExpectNoMore()
    {
        lock (_lock)
        {
            _expected--;
            if (_waiting.Count > 0 && _waiting.Count >= _expected)
                Monitor.Pulse(_lock);
        }
    }

    /// <summary>Commits the work that waits, then stops the thread.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _ends = true;
            Monitor.Pulse(_lock);
        }

        _thread.Join();
        _session.Dispose();
    }

    private void Write()
    {
        var batch = new List<Work>();
        while (true)
        {
            lock (_lock)
            {
                while (_waiting.Count == 0)
                {
                    if (_ends)
                        return;
                    Monitor.Wait(_lock);
                }

                // A flush of the disk costs more than a short wait for commits that were announced.
                if (_waiting.Count < _expected && !_ends)
                    Monitor.Wait(_lock, LongestWait(_expected));
                (batch, _waiting) = (_waiting, batch);
            }

            Commit(batch);
            batch.Clear();
        }
    }

    private void Commit(List<Work> batch)
    {
        try
        {
            _gate.Enter();
            try
            {
                _session.Execute(s_begin);
                Run(batch);
                _session.Execute(s_commit);
            }
            catch
            {
                RollBack();
                throw;
            }
            finally
            {
                _gate.Leave();
            }
        }
        catch (Exception failure)
        {
            // Nothing of the batch was committed, so every caller in it gets the exception. The writer continues with the next batch.
            foreach (var work in batch)
                work.Fail(failure);
            return;
        }

        foreach (var work in batch)
            work.Answer();
    }

    /// <summary>
    /// Runs each work once. When one of several fails, all are undone and run a second time, now each with a savepoint of its own. The
    /// savepoints are not there from the start because SQLite copies every page that changes after one.
    /// </summary>
    private void Run(List<Work> batch)
    {
        try
        {
            foreach (var work in batch)
                work.Run(_session);
        }
        catch (Exception) when (batch.Count > 1)
        {
            RollBack();
            _session.Execute(s_begin);
            foreach (var work in batch)
                RunInSavepoint(work);
        }
    }

    /// <summary>Runs one of several works: when it fails, only its own changes are undone.</summary>
    private void RunInSavepoint(Work work)
    {
        _session.Execute(s_savepoint);
        try
        {
            work.Run(_session);
        }
        catch (Exception failure)
        {
            _session.Execute(s_undo);
            work.Fail(failure);
        }

        _session.Execute(s_release);
    }

    private void RollBack()
    {
        try
        {
            _session.Execute(s_rollback);
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // The transaction was not started, or SQLite rolled it back itself, for example because the disk is full.
        }
    }

    /// <summary>
    /// How long a batch waits for announced commits: half a millisecond for each, at most 20 milliseconds. More commits save more flushes.
    /// </summary>
    private static TimeSpan LongestWait(int expected) => TimeSpan.FromMilliseconds(Math.Min(expected / 2, 20));

    private abstract class Work
    {
        public abstract void Run(SqliteSession session);

        public abstract void Answer();

        public abstract void Fail(Exception failure);
    }

    private sealed class Work<T>(Func<IStatementTransaction, ValueTask<T>> work) : Work
    {
        // Callers continue on other threads: this thread must write the next batch.
        private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;

        public Task<T> Task => _answer.Task;

        public override void Run(SqliteSession session)
        {
            var result = work(session);
            if (!result.IsCompleted)
                throw new InvalidOperationException("Work in a transaction may wait for its own statements only.");
            _result = result.GetAwaiter().GetResult();
        }

        public override void Answer() => _answer.TrySetResult(_result);

        public override void Fail(Exception failure) => _answer.TrySetException(failure);
    }
}
