using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xeno.Portal.Data.Nodes;
using Xeno.Portal.Data.Statements;

namespace Xeno.Portal.Data.Sqlite;

/// <summary>Registers SQLite with the host: one file, used by one node, without a database server.</summary>
internal static class SqliteServices
{
    public static void AddSqlite(this IServiceCollection services)
    {
        services.AddSingleton<SqliteWriteGate>();
        services.AddProvider<SqlitePortalDbContext>((provider, options)
            => UseSqlite(options, ConnectionString(provider)).AddInterceptors(provider.GetRequiredService<SqliteWriteGate>()));
        services.AddSingleton<SqliteFile>();
        services.AddSingleton<IStatements>(OpenStatements);
        services.AddSingleton<INodeNotices, SingleNodeNotices>();
    }

    internal static DbContextOptionsBuilder UseSqlite(DbContextOptionsBuilder options, string connectionString)
        => options.UseSqlite(connectionString).AddInterceptors(new SqliteConnectionSettings());

    // The first connection of a portal is one of its statements: they read which migrations the database has.
    private static SqliteStatements OpenStatements(IServiceProvider provider)
    {
        var connectionString = ConnectionString(provider);
        provider.GetRequiredService<SqliteFile>().Prepare(connectionString);
        return new SqliteStatements(connectionString, provider.GetRequiredService<SqliteWriteGate>());
    }

    private static string ConnectionString(IServiceProvider provider) => SqliteConnectionSettings.Absolute(
        provider.GetRequiredService<IOptions<DatabaseOptions>>().Value.ConnectionString,
        SettingsFolder.For(provider.GetRequiredService<IHostEnvironment>()));
}
