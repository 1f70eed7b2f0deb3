using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Data.Apps;
using Xeno.Portal.Data.Guesses;
using Xeno.Portal.Data.History;
using Xeno.Portal.Data.Moving;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Data.PostgreSql;
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

        // A name that is none of these is refused with the other settings.
        if (ProviderIn(builder.Configuration) is DatabaseProvider.PostgreSql)
            builder.Services.AddPostgreSql();
        else
            builder.Services.AddSqlite();

        builder.Services.AddSingleton<TokenLedger>().AddSingleton<GrantLedger>().AddSingleton<HistoryLedger>().AddSingleton<ClientLookup>().AddSingleton<AccountLookup>().AddSingleton<GuessLedger>().AddSingleton<DeadGrants>();
        builder.Services.AddSingleton<DatabaseMigrations>().AddSingleton<DatabaseBackup>().AddSingleton<DatabaseMove>();
        builder.Services.AddHostedService<DatabaseMigrator>();
        builder.Services.AddHealthChecks().AddCheck<DatabaseHealth>("database");
        return builder;
    }

    /// <summary>The context of one provider as the portal's, with its migrations.</summary>
    internal static void AddProvider<TContext>(this IServiceCollection services, Action<IServiceProvider, DbContextOptionsBuilder> configure)
        where TContext : PortalDbContext
    {
        services.AddDbContextFactory<TContext>(configure);
        services.AddScoped<PortalDbContext>(provider => provider.GetRequiredService<TContext>());
        services.AddSingleton<IDbContextFactory<PortalDbContext>, ProviderFactory<TContext>>();
        services.AddSingleton(new ProviderMigrations(typeof(TContext)));
    }

    /// <summary>Identity builds its part of the model by this number: version 3 has the table of passkeys.</summary>
    internal static void UseSchemaVersion(IdentityOptions options) => options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;

    private static DatabaseProvider? ProviderIn(IConfiguration settings)
        => Enum.TryParse<DatabaseProvider>(settings[$"{DatabaseOptions.Section}:{nameof(DatabaseOptions.Provider)}"], ignoreCase: true, out var provider)
            ? provider : null;

    private sealed class ProviderFactory<TContext>(IDbContextFactory<TContext> provider) : IDbContextFactory<PortalDbContext> where TContext : PortalDbContext
    {
        public PortalDbContext CreateDbContext() => provider.CreateDbContext();
    }
}
