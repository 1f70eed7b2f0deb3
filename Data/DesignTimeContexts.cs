using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Data.Sqlite;

namespace Xeno.Portal.Data;

/// <summary>Lets <c>dotnet ef --project Data</c> build a context without starting the portal.</summary>
internal sealed class DesignTimeSqliteContext : IDesignTimeDbContextFactory<SqlitePortalDbContext>
{
    public SqlitePortalDbContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<SqlitePortalDbContext>();
        DataServices.UseSqlite(options, "Data Source=:memory:");
        options.UseApplicationServiceProvider(
            new ServiceCollection().Configure<IdentityOptions>(DataServices.UseSchemaVersion).BuildServiceProvider());
        return new SqlitePortalDbContext(options.Options);
    }
}
