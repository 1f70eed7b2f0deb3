using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Xeno.Portal.Data.Sqlite;

/// <summary>The model on SQLite, and the only place that knows SQLite's quirks.</summary>
public sealed class SqlitePortalDbContext : PortalDbContext
{
    /// <summary>For the factory.</summary>
    public SqlitePortalDbContext(DbContextOptions<SqlitePortalDbContext> options) : base(options)
        // Also round a single statement, so that every save passes the write gate as a transaction.
        => Database.AutoTransactionBehavior = AutoTransactionBehavior.Always;

    /// <inheritdoc />
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);

        // SQLite has no type for an instant: as text it can be neither ordered nor compared, as UTC ticks it can.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicksConverter>();
    }

    private sealed class UtcTicksConverter()
        : ValueConverter<DateTimeOffset, long>(instant => instant.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
}
