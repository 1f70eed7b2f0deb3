using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xeno.Portal.Data.PostgreSql;

namespace Xeno.Portal.Data.Moving;

/// <summary>
/// Moves every row of the SQLite database that the settings name to a PostgreSQL database, and proves that it is there. Rows go in batches, so
/// memory stays flat whatever the size; a move that was stopped goes on where it was. Nothing is said to be done before every table has the same
/// count and checksum on both sides.
/// </summary>
public sealed class DatabaseMove(IDbContextFactory<PortalDbContext> contexts, DatabaseMigrations migrations)
{
    /// <summary>How many rows are committed together.</summary>
    public int BatchRows { get; init; } = 20_000;

    /// <summary>Moves everything to the database of <paramref name="target"/>, and tells <paramref name="tell"/> after each batch and each verified table.</summary>
    /// <exception cref="DatabaseRefusalException">The move did not begin, or did not end; the portal belongs on SQLite still.</exception>
    public async Task RunAsync(string target, Action<MoveStep> tell, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (!context.Database.IsSqlite())
            throw new MoveRefusedException("Database:Provider is PostgreSql already: this command moves the other way only, from SQLite.");
        if ((await migrations.PendingAsync(MoveMarks.MovedAway)).Count > 0)
            throw new MoveRefusedException("The SQLite database is older than this program, or empty: run `dotnet Xeno.Portal.dll migrate` first.");

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
                await CopyAsync(from, to, at = table, tell, cancellationToken);
            await to.SetSequencesAsync(cancellationToken);
            foreach (var table in tables)
                await VerifyAsync(from, to, at = table, tell, cancellationToken);

            // In this order: a move that is killed in between finds its way on, and at no time is there a second place to write to.
            at = null;
            from.Seal(tables);
            await to.EndAsync(cancellationToken);
        }
        catch (SqliteException busy) when (at is null && busy.SqliteErrorCode == 5)
        {
            throw new MoveRefusedException("Somebody has been writing to the SQLite database for half a minute: stop the portal, and run the command again.", busy);
        }
        catch (PostgresException refused) when (at is not null && !DatabaseTrouble.IsBehind(refused))
        {
            // Where: "COPY Accounts, line 3, column DisplayName"; in the binary form without a value.
            throw new MoveRefusedException(
                $"PostgreSQL refused a row of {at.Name}: {refused.MessageText} ({refused.Where?.Split('\n')[0] ?? refused.SqlState}). Mend it in the SQLite database and run the command again: it goes on where it was.", refused);
        }
        catch (DbException failure)
        {
            throw new MoveRefusedException($"The move was interrupted{(at is null ? "" : $" at {at.Name}")}: {failure.Message.ReplaceLineEndings(" ")} Run the command again: it goes on where it was.", failure);
        }
    }

    private static NpgsqlDataSource Connect(string target)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(target);
            if (settings is { Host.Length: > 0, Database.Length: > 0 })
            {
                settings.CommandTimeout = 0; // A table of millions takes longer than any request may.
                return PostgreSqlServices.Connect(new DatabaseOptions { ConnectionString = settings.ConnectionString });
            }
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or KeyNotFoundException)
        {
            // Said below, without what was given: it may hold a password.
        }

        throw new MoveRefusedException("--to must be a connection string such as: Host=db;Username=xeno;Password=...;Database=xeno");
    }

    private static async Task BeginAsync(MoveSource from, MoveTarget to, IReadOnlyList<MovedTable> tables, CancellationToken cancellationToken)
    {
        var goesOn = await to.HasBegunAsync(cancellationToken);
        if (from.IsSealed && !goesOn)
            throw new DatabaseHasMovedException();

        foreach (var table in tables)
        {
            var ours = goesOn ? (await to.ProgressOfAsync(table, cancellationToken)).Rows : 0;
            var there = await to.CountOfAsync(table, cancellationToken);
            if (there != ours)
                throw new MoveRefusedException($"{table.Name} in PostgreSQL holds {there} rows, of which this command moved {ours}: name a database after --to that has no rows of anybody else.");
        }

        if (!goesOn)
            await to.BeginAsync(cancellationToken);
    }

    private async Task CopyAsync(MoveSource from, MoveTarget to, MovedTable table, Action<MoveStep> tell, CancellationToken cancellationToken)
    {
        var rows = from.CountOf(table);
        var at = await to.ProgressOfAsync(table, cancellationToken);
        tell(new MoveStep(table.Name, MoveStage.Copying, at.Rows, rows));
        while (true)
        {
            var before = at.Rows;
            at = await to.AddAsync(table, at, from.RowsOf(table, at.LastRowId, BatchRows), cancellationToken);
            if (at.Rows == before)
                return;
            tell(new MoveStep(table.Name, MoveStage.Copying, at.Rows, rows));
        }
    }

    private static async Task VerifyAsync(MoveSource from, MoveTarget to, MovedTable table, Action<MoveStep> tell, CancellationToken cancellationToken)
    {
        var there = to.ChecksumOfAsync(table, cancellationToken);
        var here = from.ChecksumOf(table, cancellationToken);
        var moved = await there;
        if (moved.Rows != here.Rows || moved.Sum != here.Sum)
            throw new MoveRefusedException(
                $"{table.Name} is not the same on both sides: {here.Rows} rows with checksum {here.Sum} in SQLite, {moved.Rows} with {moved.Sum} in PostgreSQL. Leave the portal on SQLite, drop the PostgreSQL database, make it anew, and run the command again.");
        tell(new MoveStep(table.Name, MoveStage.Verified, moved.Rows, here.Rows, moved.Sum));
    }
}
