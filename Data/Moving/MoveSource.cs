using Microsoft.Data.Sqlite;

namespace Xeno.Portal.Data.Moving;

/// <summary>
/// The SQLite database that is moved. One writing transaction is open from the first row to the last: a portal that still runs can read,
/// but cannot write rows that would not be moved.
/// </summary>
internal sealed class MoveSource : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly bool _isSealed;

    public MoveSource(string connectionString)
    {
        _connection = new SqliteConnection(
            new SqliteConnectionStringBuilder(connectionString) { Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
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

    /// <summary>Whether an earlier run has already called <see cref="Seal"/>.</summary>
    public bool IsSealed => _isSealed;

    public string File => _connection.DataSource;

    public long CountOf(MovedTable table) => Count($"SELECT count(*) FROM \"{table.Name}\"");

    /// <summary>
    /// The rows after rowid <paramref name="after"/>, at most <paramref name="most"/> (-1: all), in the order of rowid. All rows share one
    /// array: use a row before you ask for the next one.
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
    /// Closes the database to writers for good. In the same transaction that has kept them out so far: a writer that waits for its end
    /// could otherwise still add rows, which would be lost.
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

    /// <summary>Closes the connection. Without <see cref="Seal"/> the database is unchanged.</summary>
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
