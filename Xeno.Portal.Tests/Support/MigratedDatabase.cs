using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xeno.Portal.Data;

namespace Xeno.Portal.Tests.Support;

/// <summary>
/// A SQLite database with all migrations and no rows, made once in a test run: to copy it is much faster than to migrate. No portal has
/// served it, so it has no keys.
/// </summary>
internal static class MigratedDatabase
{
    private static readonly Lazy<byte[]> s_content = new(() => MakeAsync().GetAwaiter().GetResult());

    /// <summary>Writes a copy, which only this user may open.</summary>
    public static void CopyTo(string file)
    {
        PrivateFiles.Create(file);
        File.WriteAllBytes(file, s_content.Value);
    }

    private static async Task<byte[]> MakeAsync()
    {
        var folder = Directory.CreateTempSubdirectory("xeno-migrated-").FullName;
        try
        {
            var builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Configuration["Database:ConnectionString"] = $"Data Source={Path.Combine(folder, "portal.db")}";
            builder.AddData();
            using var services = builder.Build();
            await services.Services.GetRequiredService<DatabaseMigrations>().ApplyAsync(CancellationToken.None);

            // A backup is one file, whatever is still in the log of the database.
            var copy = Path.Combine(folder, "copy.db");
            await services.Services.GetRequiredService<DatabaseBackup>().WriteAsync(copy, CancellationToken.None);
            return await File.ReadAllBytesAsync(copy);
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }
}
