using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Data.PostgreSql;
using Xeno.Portal.Data.Sqlite;

namespace Xeno.Portal.Data;

/// <summary>Lets <c>dotnet ef --project Data</c> build the contexts without starting the portal.</summary>
internal static class DesignTime
{
    public static DbContextOptions<TContext> Options<TContext>(Action<DbContextOptionsBuilder> use) where TContext : DbContext
    {
        var options = new DbContextOptionsBuilder<TContext>();
        use(options);
        options.UseApplicationServiceProvider(
            new ServiceCollection().Configure<IdentityOptions>(DataServices.UseSchemaVersion).BuildServiceProvider());
        return options.Options;
    }
}

internal sealed class DesignTimeSqliteContext : IDesignTimeDbContextFactory<SqlitePortalDbContext>
{
    public SqlitePortalDbContext CreateDbContext(string[] args)
        => new(DesignTime.Options<SqlitePortalDbContext>(options => SqliteServices.UseSqlite(options, "Data Source=:memory:")));
}

internal sealed class DesignTimePostgreSqlContext : IDesignTimeDbContextFactory<PostgreSqlPortalDbContext>
{
    public PostgreSqlPortalDbContext CreateDbContext(string[] args)
        => new(DesignTime.Options<PostgreSqlPortalDbContext>(options => PostgreSqlServices.UsePostgreSql(
            options, PostgreSqlServices.Connect(new DatabaseOptions { ConnectionString = "Host=localhost" }))));
}
