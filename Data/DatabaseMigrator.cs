using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Xeno.Portal.Data;

/// <summary>
/// Migrates the database to the model of this build (unless <c>Database:MigrateOnStart</c> is false), then runs every
/// <see cref="IDatabaseSeed"/>, before the host serves its first request. A failure here stops the start.
/// </summary>
internal sealed class DatabaseMigrator(
    IServiceScopeFactory scopes, DatabaseMigrations migrations, IOptions<DatabaseOptions> settings) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (settings.Value.MigrateOnStart)
            await migrations.ApplyAsync(cancellationToken);
        else if (await migrations.PendingAsync() is { Count: > 0 } pending)
            throw new MigrationsArePendingException(pending);

        await using var scope = scopes.CreateAsyncScope();
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
            // The portal was stopped right after its start.
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Builds EF Core's model in the background once the portal serves. It takes long, and few first requests need it.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _ = Task.Run(BuildModel, CancellationToken.None);
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
