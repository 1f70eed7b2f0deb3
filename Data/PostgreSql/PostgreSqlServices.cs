using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Xeno.Portal.Data.Nodes;
using Xeno.Portal.Data.Statements;

namespace Xeno.Portal.Data.PostgreSql;

/// <summary>Puts PostgreSQL into the host: a server that any number of nodes share.</summary>
internal static class PostgreSqlServices
{
    public static void AddPostgreSql(this IServiceCollection services)
    {
        services.AddSingleton(provider => Connect(provider.GetRequiredService<IOptions<DatabaseOptions>>().Value));
        services.AddProvider<PostgreSqlPortalDbContext>((provider, options) => UsePostgreSql(options, provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddSingleton<IStatements, PostgreSqlStatements>();
        services.AddSingleton<PostgreSqlNotices>()
            .AddSingleton<INodeNotices>(provider => provider.GetRequiredService<PostgreSqlNotices>())
            .AddHostedService(provider => provider.GetRequiredService<PostgreSqlNotices>());
    }

    /// <summary>Connections to the server, at most as many as the settings allow, and none before it is needed.</summary>
    internal static NpgsqlDataSource Connect(DatabaseOptions settings)
    {
        var connection = new NpgsqlConnectionStringBuilder(settings.ConnectionString);
        if (settings.MaxConnections is { } most)
            connection.MaxPoolSize = most;

        // What the connection string says itself stays; the rest is for a server whose answer somebody waits for.
        SetUnlessGiven("Application Name", "Xeno.Portal");
        SetUnlessGiven("Timeout", 5);
        SetUnlessGiven("Command Timeout", 10);
        SetUnlessGiven("Max Auto Prepare", 100);
        SetUnlessGiven("Auto Prepare Min Usages", 2);

        // By this name it goes in metrics and traces, where the connection string would go otherwise.
        return new NpgsqlDataSourceBuilder(connection.ConnectionString) { Name = "portal" }.Build();

        void SetUnlessGiven(string keyword, object value)
        {
            if (!connection.ContainsKey(keyword))
                connection[keyword] = value;
        }
    }

    internal static DbContextOptionsBuilder UsePostgreSql(DbContextOptionsBuilder options, NpgsqlDataSource source)
        => options.UseNpgsql(source, npgsql => npgsql.ExecutionStrategy(dependencies => new LostTransactions.Strategy(dependencies)));
}
