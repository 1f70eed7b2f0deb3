using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xeno.Portal.Data.PostgreSql;

namespace Xeno.Portal.Data.Moving;

/// <summary>
/// The PostgreSQL database that rows are moved to. It keeps the progress of each table, written in the transaction of each batch, so that a
/// killed move continues where it stopped.
/// </summary>
internal sealed class MoveTarget : IAsyncDisposable
{
    private const string Progress = "MoveProgress";

    private readonly NpgsqlConnection _connection;

    private MoveTarget(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Opens the database of <paramref name="source"/>, migrates it, and locks it against a second move.</summary>
    public static async Task<MoveTarget> OpenAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        var migrations = new DatabaseMigrations(
            new Contexts(source), new PostgreSqlStatements(source, PostgreSqlServices.TurnsOf(source)),
            new ProviderMigrations(typeof(PostgreSqlPortalDbContext)),
            NullLogger<DatabaseMigrations>.Instance);
        await migrations.ApplyAsync(MoveMarks.UnderWay, cancellationToken);

        var target = new MoveTarget(await source.OpenConnectionAsync(cancellationToken));
        if (await target.AskAsync<bool>($"SELECT pg_try_advisory_lock(hashtext('{Progress}'))", cancellationToken))
            return target;
        await target.DisposeAsync();
        throw new MoveRefusedException("Another move to this PostgreSQL database is under way: wait for its end.");
    }

    /// <summary>The model on PostgreSQL. The server need not exist yet.</summary>
    public static PostgreSqlPortalDbContext Context(NpgsqlDataSource source)
        => new(DesignTime.Options<PostgreSqlPortalDbContext>(options => PostgreSqlServices.UsePostgreSql(options, source)));

    /// <summary>Whether an earlier run has started a move to this database.</summary>
    public Task<bool> HasBegunAsync(CancellationToken cancellationToken)
        => AskAsync<bool>($"""SELECT to_regclass('"{Progress}"') IS NOT NULL""", cancellationToken);

    /// <summary>Creates the table of progress, and prevents portals from starting on this database.</summary>
    public Task BeginAsync(CancellationToken cancellationToken) => ExecuteAsync($"""
        BEGIN;
        CREATE TABLE "{Progress}" ("Table" text PRIMARY KEY, "LastRowId" bigint NOT NULL, "Rows" bigint NOT NULL);
        {MoveMarks.Insert} ('{MoveMarks.UnderWay}', '');
        COMMIT
        """, cancellationToken);

    /// <summary>The progress of a table: the rowid of the last row that was copied, and how many were copied.</summary>
    public async Task<(long LastRowId, long Rows)> ProgressOfAsync(MovedTable table, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"""SELECT "LastRowId", "Rows" FROM "{Progress}" WHERE "Table" = $1""", _connection);
        command.Parameters.AddWithValue(table.Name);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? (row.GetInt64(0), row.GetInt64(1)) : (long.MinValue, 0);
    }

    public Task<long> CountOfAsync(MovedTable table, CancellationToken cancellationToken)
        => AskAsync<long>($"SELECT count(*) FROM \"{table.Name}\"", cancellationToken);

    /// <summary>Adds rows to a table whose progress is <paramref name="at"/>, all or none, and returns the new progress.</summary>
    public async Task<(long LastRowId, long Rows)> AddAsync(
        MovedTable table, (long LastRowId, long Rows) at, IEnumerable<(long RowId, object?[] Values)> rows,
        CancellationToken cancellationToken)
    {
        var import = $"COPY \"{table.Name}\" ({table.ColumnList}) FROM STDIN (FORMAT BINARY)";
        await using var transaction = await _connection.BeginTransactionAsync(cancellationToken);
        await using (var copy = await _connection.BeginBinaryImportAsync(import, cancellationToken))
        {
            foreach (var (rowId, values) in rows)
            {
                await copy.StartRowAsync(cancellationToken);
                for (var i = 0; i < values.Length; i++)
                {
                    if (values[i] is { } value)
                        await copy.WriteAsync(table.Columns[i].ToTarget(value), table.Columns[i].TargetType, cancellationToken);
                    else
                        await copy.WriteNullAsync(cancellationToken);
                }

                at = (rowId, at.Rows + 1);
            }

            await copy.CompleteAsync(cancellationToken);
        }

        await using var progress = new NpgsqlCommand($"""
            INSERT INTO "{Progress}" VALUES ($1, $2, $3)
            ON CONFLICT ("Table") DO UPDATE SET "LastRowId" = excluded."LastRowId", "Rows" = excluded."Rows"
            """, _connection);
        progress.Parameters.AddWithValue(table.Name);
        progress.Parameters.AddWithValue(at.LastRowId);
        progress.Parameters.AddWithValue(at.Rows);
        await progress.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return at;
    }

    /// <summary>Sets each sequence to the highest number that was copied, so that new rows get new numbers.</summary>
    public async Task SetSequencesAsync(CancellationToken cancellationToken)
    {
        var columns = new List<(string Table, string Column)>();
        const string Identities = """
            SELECT table_name, column_name FROM information_schema.columns WHERE is_identity = 'YES' AND table_schema = current_schema()
            """;
        await using (var command = new NpgsqlCommand(Identities, _connection))
        {
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            while (await row.ReadAsync(cancellationToken))
                columns.Add((row.GetString(0), row.GetString(1)));
        }

        foreach (var (table, column) in columns)
            await ExecuteAsync($"""
                SELECT setval(pg_get_serial_sequence('"{table}"', '{column}'), coalesce(max("{column}"), 1), max("{column}") IS NOT NULL)
                FROM "{table}"
                """, cancellationToken);
    }

    public async Task<TableChecksum> ChecksumOfAsync(MovedTable table, CancellationToken cancellationToken)
    {
        var checksum = new TableChecksum();
        var values = new object?[table.Columns.Count];
        await using var command = new NpgsqlCommand($"SELECT {table.ColumnList} FROM \"{table.Name}\"", _connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            table.ReadTarget(row, values);
            checksum.Add(values);
        }

        return checksum;
    }

    /// <summary>Allows portals to start on this database. Updates the planner's statistics first: they are those of empty tables.</summary>
    public Task EndAsync(CancellationToken cancellationToken) => ExecuteAsync($"""
        ANALYZE;
        BEGIN;
        DROP TABLE "{Progress}";
        DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" = '{MoveMarks.UnderWay}';
        COMMIT
        """, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        NpgsqlConnection.ClearPool(_connection); // Closes the session, which releases the advisory lock.
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<T> AskAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private sealed class Contexts(NpgsqlDataSource source) : IDbContextFactory<PortalDbContext>
    {
        public PortalDbContext CreateDbContext() => Context(source);
    }
}
