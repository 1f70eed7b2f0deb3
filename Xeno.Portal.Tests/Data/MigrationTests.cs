using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Data;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Data;

public abstract class MigrationTests(PortalFactory portal)
{
    [Fact]
    public async Task The_model_has_not_changed_since_the_last_migration()
        => Assert.False(await portal.AskDatabaseAsync(database => Task.FromResult(database.Database.HasPendingModelChanges())));

    [Fact]
    public async Task A_database_that_is_newer_than_the_program_is_not_changed()
    {
        await using var newer = await portal.AnotherAsync();
        await newer.AskDatabaseAsync(database => database.Database.ExecuteSqlRawAsync(
            "INSERT INTO \"__EFMigrationsHistory\" (\"MigrationId\", \"ProductVersion\") VALUES ('29991231235959_Later', '99.0')"));

        var refusal = await Assert.ThrowsAsync<DatabaseIsNewerException>(
            () => newer.Services.GetRequiredService<DatabaseMigrations>().ApplyAsync(TestContext.Current.CancellationToken));

        Assert.Contains("29991231235959_Later", refusal.Message, StringComparison.Ordinal);
    }
}

[Trait("Category", "Database")]
public sealed class MigrationsOnPostgreSql(PostgreSqlPortal portal) : MigrationTests(portal), IClassFixture<PostgreSqlPortal>;

[Trait("Category", "Fast")]
public sealed class MigrationsOnSqlite(PortalFactory portal) : MigrationTests(portal), IClassFixture<PortalFactory>
{
    private readonly PortalFactory _portal = portal;

    [Theory]
    [InlineData("journal_mode", "wal")]
    [InlineData("synchronous", "2")]
    [InlineData("foreign_keys", "1")]
    public async Task Every_connection_is_durable_and_keeps_foreign_keys(string pragma, string expected)
    {
        var value = await _portal.AskDatabaseAsync(async database =>
        {
            await database.Database.OpenConnectionAsync();
            await using var command = database.Database.GetDbConnection().CreateCommand();
            command.CommandText = $"PRAGMA {pragma}";
            return await command.ExecuteScalarAsync();
        });

        Assert.Equal(expected, Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture));
    }
}
