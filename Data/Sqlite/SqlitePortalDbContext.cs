using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Xeno.Portal.Data.Sqlite;

/// <summary>The model on SQLite, with the conversions that SQLite needs.</summary>
public sealed class SqlitePortalDbContext : PortalDbContext
{
    /// <summary>For the factory.</summary>
    public SqlitePortalDbContext(DbContextOptions<SqlitePortalDbContext> options) : base(options)
        // A transaction for a single statement too, so that every save passes the write gate.
        => Database.AutoTransactionBehavior = AutoTransactionBehavior.Always;

    /// <inheritdoc />
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);

        // SQLite has no type for instants. EF Core cannot order or compare them as text, but can as UTC ticks.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicksConverter>();
    }

    private sealed class UtcTicksConverter()
        : ValueConverter<DateTimeOffset, long>(instant => instant.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
}
