using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Xeno.Portal.Data.Nodes;
using Xeno.Portal.Data.Statements;

namespace Xeno.Portal.Data.PostgreSql;

/// <summary>Registers PostgreSQL with the host: a server that several nodes can share.</summary>
internal static class PostgreSqlServices
{
    public static void AddPostgreSql(this IServiceCollection services)
    {
        services.AddSingleton(provider => Connect(provider.GetRequiredService<IOptions<DatabaseOptions>>().Value));
        services.AddSingleton(provider => ListeningLine.Of(
            provider.GetRequiredService<IOptions<DatabaseOptions>>().Value, provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddProvider<PostgreSqlPortalDbContext>((provider, options)
            => UsePostgreSql(options, provider.GetRequiredService<NpgsqlDataSource>())
                .AddInterceptors(provider.GetRequiredService<ConnectionTurns>(), provider.GetRequiredService<ReadOnlyServer>()));
        services.AddSingleton(provider => TurnsOf(provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddSingleton<ReadOnlyServer>();
        services.AddSingleton<IStatements, PostgreSqlStatements>();
        services.AddSingleton<PostgreSqlNotices>()
            .AddSingleton<INodeNotices>(provider => provider.GetRequiredService<PostgreSqlNotices>())
            .AddHostedService(provider => provider.GetRequiredService<PostgreSqlNotices>());
        services.AddHostedService<ConnectionShare>();
    }

    /// <summary>The turns of a pool.</summary>
    internal static ConnectionTurns TurnsOf(NpgsqlDataSource source)
        => new(new NpgsqlConnectionStringBuilder(source.ConnectionString).MaxPoolSize);

    /// <summary>The pool of connections to the server, with at most <c>Database:MaxConnections</c>. Opens none until one is used.</summary>
    internal static NpgsqlDataSource Connect(DatabaseOptions settings)
    {
        var connection = ConnectionStrings.PostgreSql(settings.ConnectionString);
        if (settings.MaxConnections is { } most)
            connection.MaxPoolSize = most;
        if (settings.BehindTransactionPooler)
            (connection.MaxAutoPrepare, connection.NoResetOnClose) = (0, true);
        return Connect(connection, ConnectionStrings.Setting);
    }

    /// <summary>The same for another connection string, with the portal's values for what it leaves open.</summary>
    /// <param name="connection">As it was read.</param>
    /// <param name="source">The setting or option that it comes from, for the message.</param>
    /// <exception cref="ConnectionStringRefusedException">The driver does not take these values together.</exception>
    internal static NpgsqlDataSource Connect(NpgsqlConnectionStringBuilder connection, string source)
    {
        // Short timeouts, because a person or an app waits for the answer. Values in the connection string win.
        SetUnlessGiven("Application Name", "Xeno.Portal");
        SetUnlessGiven("Timeout", 5);
        SetUnlessGiven("Command Timeout", 10);
        // A statement that took too long ends its connection. Waiting for the answer to the cancellation would be wrong: a server that is
        // cancelled while a commit waits for the standby says that the commit was done, and a failover would lose it.
        SetUnlessGiven("Cancellation Timeout", -1);
        SetUnlessGiven("Max Auto Prepare", 100);
        SetUnlessGiven("Auto Prepare Min Usages", 2);
        if (connection.Host!.Contains(',', StringComparison.Ordinal))
        {
            // Several servers: one takes writes, and after a failover it is another one.
            SetUnlessGiven("Target Session Attributes", "primary");
            SetUnlessGiven("Host Recheck Seconds", 1);
        }

        try
        {
            // Metrics and traces show this name; without it they would show the connection string.
            return new NpgsqlDataSourceBuilder(connection.ConnectionString) { Name = "portal" }.Build();
        }
        catch (Exception unfit) when (unfit is ArgumentException or FormatException or InvalidOperationException or NotSupportedException)
        {
            throw new ConnectionStringRefusedException(
                $"{source} has values that do not fit together, or a port that is not a number.");
        }

        void SetUnlessGiven(string keyword, object value)
        {
            // ContainsKey would be true for every keyword that the driver knows.
            if (!connection.ShouldSerialize(keyword))
                connection[keyword] = value;
        }
    }

    internal static DbContextOptionsBuilder UsePostgreSql(DbContextOptionsBuilder options, NpgsqlDataSource source)
        => options.UseNpgsql(source, npgsql => npgsql.ExecutionStrategy(dependencies => new TransactionRetry.Strategy(dependencies)));
}
