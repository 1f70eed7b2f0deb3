using Microsoft.EntityFrameworkCore;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Architecture;

public sealed class MigrationTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Fact]
    public async Task The_model_has_not_changed_since_the_last_migration()
        => Assert.False(await portal.AskDatabaseAsync(database => Task.FromResult(database.Database.HasPendingModelChanges())));

    [Theory]
    [InlineData("journal_mode", "wal")]
    [InlineData("synchronous", "2")]
    [InlineData("foreign_keys", "1")]
    public async Task Every_connection_is_durable_and_keeps_foreign_keys(string pragma, string expected)
    {
        var value = await portal.AskDatabaseAsync(async database =>
        {
            await database.Database.OpenConnectionAsync();
            await using var command = database.Database.GetDbConnection().CreateCommand();
            command.CommandText = $"PRAGMA {pragma}";
            return await command.ExecuteScalarAsync();
        });

        Assert.Equal(expected, Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture));
    }
}
