using System.Data.Common;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xeno.Portal.Data.Statements;

namespace Xeno.Portal.Data;

/// <summary>
/// Brings the database to the model of this build, then runs every <see cref="IDatabaseSeed"/>, before the host serves its first
/// request. What fails here fails the start: a portal on half a schema would be worse than none.
/// </summary>
internal sealed partial class DatabaseMigrator(
    IServiceScopeFactory scopes, IStatements statements, ProviderMigrations migrations, ILogger<DatabaseMigrator> log) : IHostedLifecycleService
{
    private static readonly Statement s_history = new("""
        SELECT "MigrationId" FROM "__EFMigrationsHistory"
        """);

    // An index over millions of rows takes longer than any request may.
    private static readonly TimeSpan s_longestStep = TimeSpan.FromHours(1);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var applied = await AppliedAsync();
        if (applied.Except(migrations.Ids).Order(StringComparer.Ordinal).LastOrDefault() is { } unknown)
            throw new DatabaseIsNewerException(unknown);

        if (migrations.Ids.Except(applied).Any())
        {
            var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>().Database;
            var pending = (await database.GetPendingMigrationsAsync(cancellationToken)).ToList();
            if (pending.Count > 0)
            {
                LogMigrating(log, pending.Count, pending[^1]);
                database.SetCommandTimeout(s_longestStep);
                await database.MigrateAsync(cancellationToken);
            }
        }

        foreach (var seed in scope.ServiceProvider.GetServices<IDatabaseSeed>())
            await seed.SeedAsync(cancellationToken);
    }

    private void BuildModel()
    {
        try
        {
            using var scope = scopes.CreateScope();
            _ = scope.ServiceProvider.GetRequiredService<PortalDbContext>().Model;
        }
        catch (ObjectDisposedException)
        {
            // The portal stopped again at once.
        }
    }

    /// <summary>The migrations that the database has: nearly always those of this build, which is told without building EF Core's model.</summary>
    private async Task<IReadOnlyList<string>> AppliedAsync()
    {
        try
        {
            return await statements.ListAsync(s_history, static row => row.GetString(0));
        }
        catch (DbException)
        {
            return []; // A new database has no history yet; one that cannot be reached is told by the migration.
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Has EF Core's model built in the background, once the portal serves: it takes long, and few first requests need it.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _ = Task.Run(BuildModel, CancellationToken.None);
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "Migrating the database: {Count} steps, up to {Last}.")]
    private static partial void LogMigrating(ILogger log, int count, string last);
}

/// <summary>The database was brought to a model that this build does not know: writing to it could lose what a newer build keeps there.</summary>
public sealed class DatabaseIsNewerException(string migration) : Exception(
    $"The database is newer than this program: it has the migration {migration}, which is unknown here. Start the version that made it, or a later one, or restore a backup from before.");

/// <summary>The migrations of this build for the provider whose context is <paramref name="context"/>.</summary>
internal sealed class ProviderMigrations(Type context)
{
    public IReadOnlyList<string> Ids { get; } =
    [
        .. context.Assembly.GetTypes().Where(type => type.GetCustomAttribute<DbContextAttribute>()?.ContextType == context)
            .Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id).OfType<string>(),
    ];
}
