using Xeno.Portal.Data.Statements;

namespace Xeno.Portal.Data.Sqlite;

/// <summary>
/// The writer of this process: SQLite has room for one at a time. Whatever waits when it gets its turn is committed together, so that many
/// callers share one flush of the disk; each is answered only after that. Alone, a caller waits for nobody.
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

    /// <summary>Somebody is on the way here who will probably commit, until <see cref="ExpectNoMore"/>.</summary>
    public void Expect()
    {
        lock (_lock)
            _expected++;
    }

    /// <summary>That one has committed, or will not.</summary>
    public void ExpectNoMore()
    {
        lock (_lock)
        {
            _expected--;
            if (_waiting.Count > 0 && _waiting.Count >= _expected)
                Monitor.Pulse(_lock);
        }
    }

    /// <summary>Writes what waits, then ends.</summary>
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

                // A flush of the disk costs more than a moment's wait for those who are on their way.
                if (_waiting.Count < _expected && !_ends)
                    Monitor.Wait(_lock, Patience(_expected));
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
                if (batch is [var only])
                    only.Run(_session);
                else
                    foreach (var work in batch)
                        RunApart(work);
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
            // Nothing of the batch was kept, so everybody in it is told so; the writer goes on with the next.
            foreach (var work in batch)
                work.Fail(failure);
            return;
        }

        foreach (var work in batch)
            work.Answer();
    }

    /// <summary>One of several: what it did is undone when it fails, and the others are none the worse for it.</summary>
    private void RunApart(Work work)
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
            // Not begun, or ended by SQLite itself, as it does when the disk is full.
        }
    }

    /// <summary>
    /// How long a batch is kept open at most while others are on their way: the more there are, the more they save, and the less one of them
    /// minds.
    /// </summary>
    private static TimeSpan Patience(int expected) => TimeSpan.FromMilliseconds(Math.Min(expected / 2, 20));

    private abstract class Work
    {
        public abstract void Run(SqliteSession session);

        public abstract void Answer();

        public abstract void Fail(Exception failure);
    }

    private sealed class Work<T>(Func<IStatementTransaction, ValueTask<T>> work) : Work
    {
        // Whoever waits goes on elsewhere: this thread has the next batch to write.
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
