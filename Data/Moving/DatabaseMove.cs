using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xeno.Portal.Data.PostgreSql;

namespace Xeno.Portal.Data.Moving;

/// <summary>
/// Copies every row of the SQLite database in the settings to a PostgreSQL database, and verifies the copy. Rows are copied in batches, so
/// memory does not grow with the size; an interrupted move continues where it stopped. The move is done only when every table has the same
/// row count and checksum on both sides.
/// </summary>
public sealed class DatabaseMove(IDbContextFactory<PortalDbContext> contexts, DatabaseMigrations migrations)
{
    /// <summary>How many rows are committed together.</summary>
    public int BatchRows { get; init; } = 20_000;

    /// <summary>
    /// Moves everything to the database with the connection string <paramref name="target"/>. Calls <paramref name="report"/> after each
    /// batch and each verified table.
    /// </summary>
    /// <exception cref="DatabaseRefusalException">The move did not start, or did not finish; the portal must stay on SQLite.</exception>
    public async Task RunAsync(string target, Action<MoveStep> report, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (!context.Database.IsSqlite())
            throw new MoveRefusedException("Database:Provider is PostgreSql already: this command only moves from SQLite to PostgreSQL.");
        if ((await migrations.PendingAsync(MoveMarks.MovedAway)).Count > 0)
            throw new MoveRefusedException(
                "The SQLite database is older than this program, or empty: run `dotnet Xeno.Portal.dll migrate` first.");

        await using var server = Connect(target);
        await using var targetContext = MoveTarget.Context(server);
        var tables = MovedTable.AllOf(context.Model.GetRelationalModel(), targetContext.Model.GetRelationalModel());

        MovedTable? at = null;
        try
        {
            using var from = new MoveSource(context.Database.GetConnectionString()!);
            await using var to = await MoveTarget.OpenAsync(server, cancellationToken);
            await BeginAsync(from, to, tables, cancellationToken);
            foreach (var table in tables)
                await CopyAsync(from, to, at = table, report, cancellationToken);
            await to.SetSequencesAsync(cancellationToken);
            foreach (var table in tables)
                await VerifyAsync(from, to, at = table, report, cancellationToken);

            // In this order: a move that is killed in between can continue, and at no time do both databases accept writes.
            at = null;
            from.Seal(tables);
            await to.EndAsync(cancellationToken);
        }
        catch (SqliteException busy) when (at is null && busy.SqliteErrorCode == 5)
        {
            throw new MoveRefusedException(
                "Another program has been writing to the SQLite database for 30 seconds: stop the portal, run the command again.", busy);
        }
        catch (PostgresException refused) when (at is not null && !DatabaseTrouble.IsBehind(refused))
        {
            // Where is for example "COPY Accounts, line 3, column DisplayName". A binary COPY does not print the value.
            throw new MoveRefusedException(
                $"PostgreSQL refused a row of {at.Name}: {refused.MessageText} ({refused.Where?.Split('\n')[0] ?? refused.SqlState}). "
                + "Correct the row in the SQLite database and run the command again: it continues where it stopped.", refused);
        }
        catch (DbException failure)
        {
            throw new MoveRefusedException(
                $"The move was interrupted{(at is null ? "" : $" at {at.Name}")}: {failure.Message.ReplaceLineEndings(" ")} "
                + "Run the command again: it continues where it stopped.", failure);
        }
    }

    private static NpgsqlDataSource Connect(string target)
    {
        const string option = "--to";
        var settings = ConnectionStrings.PostgreSql(target, option);
        if (string.IsNullOrEmpty(settings.Database))
            throw new MoveRefusedException("--to names no database: it is for example Host=db;Username=xeno;Password=...;Database=xeno");
        settings.CommandTimeout = 0; // No limit: a table with millions of rows takes longer than a request may take.
        return PostgreSqlServices.Connect(settings, option);
    }

    private static async Task BeginAsync(
        MoveSource from, MoveTarget to, IReadOnlyList<MovedTable> tables, CancellationToken cancellationToken)
    {
        var continues = await to.HasBegunAsync(cancellationToken);
        if (from.IsSealed && !continues)
            throw new DatabaseHasMovedException();

        foreach (var table in tables)
        {
            var moved = continues ? (await to.ProgressOfAsync(table, cancellationToken)).Rows : 0;
            var found = await to.CountOfAsync(table, cancellationToken);
            if (found != moved)
                throw new MoveRefusedException(
                    $"{table.Name} in PostgreSQL holds {found} rows, of which this command moved {moved}: "
                    + "name a database after --to that has no other rows.");
        }

        if (!continues)
            await to.BeginAsync(cancellationToken);
    }

    private async Task CopyAsync(
        MoveSource from, MoveTarget to, MovedTable table, Action<MoveStep> report, CancellationToken cancellationToken)
    {
        var rows = from.CountOf(table);
        var at = await to.ProgressOfAsync(table, cancellationToken);
        report(new MoveStep(table.Name, MoveStage.Copying, at.Rows, rows));
        while (true)
        {
            var before = at.Rows;
            at = await to.AddAsync(table, at, from.RowsOf(table, at.LastRowId, BatchRows), cancellationToken);
            if (at.Rows == before)
                return;
            report(new MoveStep(table.Name, MoveStage.Copying, at.Rows, rows));
        }
    }

    private static async Task VerifyAsync(
        MoveSource from, MoveTarget to, MovedTable table, Action<MoveStep> report, CancellationToken cancellationToken)
    {
        var reading = to.ChecksumOfAsync(table, cancellationToken); // Both sides are read at the same time.
        var source = from.ChecksumOf(table, cancellationToken);
        var target = await reading;
        if (target.Rows != source.Rows || target.Sum != source.Sum)
            throw new MoveRefusedException(
                $"{table.Name} is not the same on both sides: {source.Rows} rows with checksum {source.Sum} in SQLite, "
                + $"{target.Rows} with {target.Sum} in PostgreSQL. Leave the portal on SQLite, drop the PostgreSQL database, "
                + "create it again, and run the command again.");
        report(new MoveStep(table.Name, MoveStage.Verified, target.Rows, source.Rows, target.Sum));
    }
}
