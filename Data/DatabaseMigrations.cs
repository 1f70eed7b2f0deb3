using System.Data.Common;
using System.Reflection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Logging;
using Npgsql;
using Xeno.Portal.Data.Moving;
using Xeno.Portal.Data.Statements;

namespace Xeno.Portal.Data;

/// <summary>Compares the database with the migrations of this build, and applies the missing ones.</summary>
public sealed partial class DatabaseMigrations(
    IDbContextFactory<PortalDbContext> contexts, IStatements statements, ProviderMigrations known, ILogger<DatabaseMigrations> log)
{
    private static readonly Statement s_history = new("""
        SELECT "MigrationId" FROM "__EFMigrationsHistory"
        """);

    // To build an index over millions of rows takes longer than a request may take.
    private static readonly TimeSpan s_longestStep = TimeSpan.FromHours(1);

    /// <summary>The migrations of this build that the database lacks, the oldest first.</summary>
    /// <exception cref="DatabaseRefusalException">The database cannot be reached, or is newer than this build.</exception>
    public Task<IReadOnlyList<string>> PendingAsync() => PendingAsync(mark: null);

    /// <summary>Applies the pending migrations and returns their names. Does nothing when there are none.</summary>
    /// <exception cref="DatabaseRefusalException">As <see cref="PendingAsync()"/>, or a migration failed.</exception>
    public Task<IReadOnlyList<string>> ApplyAsync(CancellationToken cancellationToken) => ApplyAsync(mark: null, cancellationToken);

    /// <summary>The same for a move, which ignores its own <paramref name="mark"/> (of <see cref="MoveMarks"/>).</summary>
    internal async Task<IReadOnlyList<string>> PendingAsync(string? mark)
    {
        var applied = (await AppliedAsync()).Where(migration => migration != mark).ToList();
        if (applied.Contains(MoveMarks.MovedAway))
            throw new DatabaseHasMovedException();
        if (applied.Contains(MoveMarks.UnderWay))
            throw new MoveIsUnderWayException();
        if (applied.Except(known.Ids).Order(StringComparer.Ordinal).LastOrDefault() is { } unknown)
            throw new DatabaseIsNewerException(unknown);
        return [.. known.Ids.Except(applied).Order(StringComparer.Ordinal)];
    }

    /// <inheritdoc cref="PendingAsync(string?)" />
    internal async Task<IReadOnlyList<string>> ApplyAsync(string? mark, CancellationToken cancellationToken)
    {
        var pending = await PendingAsync(mark);
        if (pending.Count == 0)
            return pending;

        LogMigrating(log, pending.Count, pending[^1]);
        try
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            context.Database.SetCommandTimeout(s_longestStep);
            await using var turn = await MigrationTurn.TakeAsync(context, cancellationToken);

            // Another node may have applied them while this one waited for its turn.
            pending = await PendingAsync(mark);
            if (pending.Count > 0)
                await context.Database.MigrateAsync(cancellationToken);
        }
        catch (DbException failure)
        {
            throw DatabaseTrouble.IsBehind(failure)
                ? new DatabaseIsOutOfReachException(failure)
                : new MigrationFailedException(failure);
        }

        return pending;
    }

    /// <summary>The migrations that the database has. Read by a statement, because EF Core would build its whole model first.</summary>
    private async Task<IReadOnlyList<string>> AppliedAsync()
    {
        try
        {
            return await statements.ListAsync(s_history, static row => row.GetString(0));
        }
        catch (DbException failure)
        {
            return IsNew(failure) ? [] : throw new DatabaseIsOutOfReachException(failure);
        }
    }

    /// <summary>A new database has no table of migrations yet, or does not exist; the first migration creates both.</summary>
    private static bool IsNew(DbException failure) => failure switch
    {
        SqliteException { SqliteErrorCode: var code } => code == 1, // SQLITE_ERROR: no such table.
        PostgresException { SqlState: var state } => state is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidCatalogName,
        _ => false,
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Migrating the database: {Count} steps, up to {Last}.")]
    private static partial void LogMigrating(ILogger log, int count, string last);
}

/// <summary>
/// Lets one node at a time migrate. EF Core's own lock on PostgreSQL lasts for one migration, so of two nodes that start together on an old
/// database each could apply the second one. SQLite's lasts for all of them.
/// </summary>
internal sealed class MigrationTurn : IAsyncDisposable
{
    // Any number will do, as long as it stays the same.
    private const long Key = 0x58656E6F_4D696772;

    private readonly DbContext? _context;

    private MigrationTurn(DbContext? context) => _context = context;

    public static async Task<MigrationTurn> TakeAsync(DbContext context, CancellationToken cancellationToken)
    {
        if (!context.Database.IsNpgsql())
            return new MigrationTurn(null);

        try
        {
            await context.Database.OpenConnectionAsync(cancellationToken); // The lock is the connection's, so it stays open until the end.
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            return new MigrationTurn(null); // The migration creates the database.
        }

        await context.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({Key})", cancellationToken);
        return new MigrationTurn(context);
    }

    public async ValueTask DisposeAsync()
    {
        if (_context is null)
            return;
        await _context.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({Key})");
        await _context.Database.CloseConnectionAsync();
    }
}

/// <summary>The migrations of this build for the provider whose context is <paramref name="context"/>.</summary>
public sealed class ProviderMigrations(Type context)
{
    public IReadOnlyList<string> Ids { get; } =
    [
        .. context.Assembly.GetTypes().Where(type => type.GetCustomAttribute<DbContextAttribute>()?.ContextType == context)
            .Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id).OfType<string>(),
    ];
}
