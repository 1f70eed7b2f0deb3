using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Data.Apps;
using Xeno.Portal.Data.Guesses;
using Xeno.Portal.Data.History;
using Xeno.Portal.Data.Mail;
using Xeno.Portal.Data.Moving;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Data.PostgreSql;
using Xeno.Portal.Data.Sessions;
using Xeno.Portal.Data.Sqlite;

namespace Xeno.Portal.Data;

/// <summary>Registers the database with the host.</summary>
public static class DataServices
{
    /// <summary>
    /// Registers <see cref="PortalDbContext"/> (one for each scope) and <c>IDbContextFactory&lt;PortalDbContext&gt;</c> (for services that
    /// live longer than a scope), for the provider that the settings choose. Migrates the database before the host serves.
    /// </summary>
    public static IHostApplicationBuilder AddData(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<DatabaseOptions>()
            .BindConfiguration(DatabaseOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.Configure<IdentityOptions>(UseSchemaVersion);

        // An unknown name is refused by the validation of DatabaseOptions.
        if (ProviderIn(builder.Configuration) is DatabaseProvider.PostgreSql)
            builder.Services.AddPostgreSql();
        else
            builder.Services.AddSqlite();

        builder.Services.AddSingleton<TokenLedger>().AddSingleton<GrantLedger>().AddSingleton<PrunableGrants>();
        builder.Services.AddSingleton<HistoryLedger>().AddSingleton<SessionLedger>().AddSingleton<DeviceLedger>();
        builder.Services.AddSingleton<ClientLookup>().AddSingleton<AccountLookup>().AddSingleton<GuessLedger>();
        builder.Services.AddSingleton<QueuedMails>().AddSingleton<Outbox>();
        builder.Services.AddSingleton<DatabaseMigrations>().AddSingleton<DatabaseBackup>().AddSingleton<DatabaseMove>();
        builder.Services.AddHostedService<DatabaseMigrator>();
        builder.Services.AddHealthChecks().AddCheck<DatabaseHealth>("database");
        return builder;
    }

    /// <summary>Registers the context of one provider as <see cref="PortalDbContext"/>, with its migrations.</summary>
    internal static void AddProvider<TContext>(
        this IServiceCollection services, Action<IServiceProvider, DbContextOptionsBuilder> configure)
        where TContext : PortalDbContext
    {
        services.AddDbContextFactory<TContext>((provider, options) =>
        {
            configure(provider, options);
            options.AddInterceptors(provider.GetRequiredService<QueuedMails>());
        });
        services.AddScoped<PortalDbContext>(provider => provider.GetRequiredService<TContext>());
        services.AddSingleton<IDbContextFactory<PortalDbContext>, ProviderFactory<TContext>>();
        services.AddSingleton(new ProviderMigrations(typeof(TContext)));
    }

    /// <summary>Identity builds its part of the model for this version: version 3 has the table of passkeys.</summary>
    internal static void UseSchemaVersion(IdentityOptions options) => options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;

    private static DatabaseProvider? ProviderIn(IConfiguration settings)
    {
        var name = settings[$"{DatabaseOptions.Section}:{nameof(DatabaseOptions.Provider)}"];
        return Enum.TryParse<DatabaseProvider>(name, ignoreCase: true, out var provider) ? provider : null;
    }

    private sealed class ProviderFactory<TContext>(IDbContextFactory<TContext> provider) : IDbContextFactory<PortalDbContext>
        where TContext : PortalDbContext
    {
        public PortalDbContext CreateDbContext() => provider.CreateDbContext();
    }
}
