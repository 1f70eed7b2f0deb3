using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Data.Apps;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Data.Sqlite;
using Xeno.Portal.Data.Statements;

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
        builder.Services.AddSingleton<SqliteWriteGate>();
        builder.Services.AddDbContextFactory<SqlitePortalDbContext>((services, options)
            => UseSqlite(options, SqliteConnectionString(services)).AddInterceptors(services.GetRequiredService<SqliteWriteGate>()));
        builder.Services.AddScoped<PortalDbContext>(services => services.GetRequiredService<SqlitePortalDbContext>());
        builder.Services.AddSingleton<IDbContextFactory<PortalDbContext>, PortalDbContextFactory>();

        builder.Services.AddSingleton<IStatements>(services => new SqliteStatements(
            SqliteConnectionString(services), services.GetRequiredService<SqliteWriteGate>()));
        builder.Services.AddSingleton<TokenLedger>().AddSingleton<ClientLookup>().AddSingleton<AccountLookup>();

        builder.Services.AddSingleton(new ProviderMigrations(typeof(SqlitePortalDbContext)));
        builder.Services.AddHostedService<DatabaseMigrator>();
        return builder;
    }

    /// <summary>Identity builds its part of the model by this number: version 3 has the table of passkeys.</summary>
    internal static void UseSchemaVersion(IdentityOptions options) => options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;

    internal static DbContextOptionsBuilder UseSqlite(DbContextOptionsBuilder options, string connectionString)
        => options.UseSqlite(connectionString).AddInterceptors(new SqliteConnectionSettings());

    private static string SqliteConnectionString(IServiceProvider services) => SqliteConnectionSettings.Absolute(
        services.GetRequiredService<IOptions<DatabaseOptions>>().Value.ConnectionString,
        SettingsFolder.For(services.GetRequiredService<IHostEnvironment>()));

    private sealed class PortalDbContextFactory(IDbContextFactory<SqlitePortalDbContext> provider) : IDbContextFactory<PortalDbContext>
    {
        public PortalDbContext CreateDbContext() => provider.CreateDbContext();
    }
}
