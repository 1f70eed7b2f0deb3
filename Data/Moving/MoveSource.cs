using Microsoft.Data.Sqlite;

namespace Xeno.Portal.Data.Moving;

/// <summary>
/// The SQLite database that is moved away, held in one writing transaction from the first row to the last: a portal that still runs may read,
/// and is refused when it writes, instead of writing what nobody moves.
/// </summary>
internal sealed class MoveSource : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly bool _isSealed;

    public MoveSource(string connectionString)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder(connectionString) { Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        try
        {
            _connection.Open();
            Execute("BEGIN IMMEDIATE");
            _isSealed = Count($"""SELECT count(*) FROM "__EFMigrationsHistory" WHERE "MigrationId" = '{MoveMarks.MovedAway}'""") > 0;
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>Whether an earlier run came as far as <see cref="Seal"/>.</summary>
    public bool IsSealed => _isSealed;

    public string File => _connection.DataSource;

    public long CountOf(MovedTable table) => Count($"SELECT count(*) FROM \"{table.Name}\"");

    /// <summary>
    /// The rows behind rowid <paramref name="after"/>, at most <paramref name="most"/> of them, by rowid. One array for all of them: a row is
    /// done with when the next one is asked for.
    /// </summary>
    public IEnumerable<(long RowId, object?[] Values)> RowsOf(MovedTable table, long after, int most)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"SELECT rowid, {table.ColumnList} FROM \"{table.Name}\" WHERE rowid > $after ORDER BY rowid LIMIT $most";
        command.Parameters.AddWithValue("$after", after);
        command.Parameters.AddWithValue("$most", most);
        var values = new object?[table.Columns.Count];
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            table.ReadSource(row, first: 1, values);
            yield return (row.GetInt64(0), values);
        }
    }

    public TableChecksum ChecksumOf(MovedTable table, CancellationToken cancellationToken)
    {
        var checksum = new TableChecksum();
        foreach (var (_, values) in RowsOf(table, long.MinValue, most: -1))
        {
            cancellationToken.ThrowIfCancellationRequested();
            checksum.Add(values);
        }

        return checksum;
    }

    /// <summary>
    /// Closes the database to writers for good, in the same transaction that has kept them out so far: one that has been waiting for its end
    /// would otherwise write where nobody looks any more.
    /// </summary>
    public void Seal(IEnumerable<MovedTable> tables)
    {
        if (_isSealed)
            return;
        foreach (var table in tables)
            foreach (var change in (string[])["INSERT", "UPDATE", "DELETE"])
                Execute($"""
                    CREATE TRIGGER "Moved_{change}_{table.Name}" BEFORE {change} ON "{table.Name}"
                    BEGIN SELECT RAISE(ABORT, 'This database was moved to PostgreSQL and takes no more writes.'); END
                    """);
        Execute($"{MoveMarks.Insert} ('{MoveMarks.MovedAway}', '')");
        Execute("COMMIT");
    }

    /// <summary>Lets go of it; what was not sealed is as it was.</summary>
    public void Dispose() => _connection.Dispose();

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private long Count(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
