using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xeno.Portal.Data.Sqlite;

namespace Xeno.Portal.Data;

/// <summary>Puts the database into the host.</summary>
public static class DataServices
{
    /// <summary>
    /// Registers <see cref="PortalDbContext"/> (one for each scope) and <c>IDbContextFactory&lt;PortalDbContext&gt;</c> for what lives longer than a
    /// scope, for the provider that the settings choose, and migrates the database before the host serves.
    /// </summary>
    public static IHostApplicationBuilder AddData(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<DatabaseOptions>()
            .BindConfiguration(DatabaseOptions.Section).ValidateDataAnnotations().ValidateOnStart();

        builder.Services.Configure<IdentityOptions>(UseSchemaVersion);
        builder.Services.AddDbContextFactory<SqlitePortalDbContext>((services, options) =>
        {
            var database = services.GetRequiredService<IOptions<DatabaseOptions>>().Value;
            var folder = SettingsFolder.For(services.GetRequiredService<IHostEnvironment>());
            UseSqlite(options, SqliteConnectionSettings.Absolute(database.ConnectionString, folder));
        });
        builder.Services.AddScoped<PortalDbContext>(services => services.GetRequiredService<SqlitePortalDbContext>());
        builder.Services.AddSingleton<IDbContextFactory<PortalDbContext>, PortalDbContextFactory>();

        builder.Services.AddHostedService<DatabaseMigrator>();
        return builder;
    }

    /// <summary>Identity builds its part of the model by this number: version 3 has the table of passkeys.</summary>
    internal static void UseSchemaVersion(IdentityOptions options) => options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;

    internal static void UseSqlite(DbContextOptionsBuilder options, string connectionString)
        => options.UseSqlite(connectionString).AddInterceptors(new SqliteConnectionSettings());

    private sealed class PortalDbContextFactory(IDbContextFactory<SqlitePortalDbContext> provider) : IDbContextFactory<PortalDbContext>
    {
        public PortalDbContext CreateDbContext() => provider.CreateDbContext();
    }
}
