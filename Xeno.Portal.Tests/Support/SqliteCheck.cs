using Microsoft.Data.Sqlite;

namespace Xeno.Portal.Tests.Support;

/// <summary>SQLite's own check of a database file.</summary>
internal static class SqliteCheck
{
    /// <summary><c>ok</c>, or what is broken.</summary>
    public static async Task<string> OfAsync(string file)
    {
        await using var database = new SqliteConnection($"Data Source={file}");
        await database.OpenAsync();
        await using var check = database.CreateCommand();
        check.CommandText = "PRAGMA integrity_check";
        return (string)(await check.ExecuteScalarAsync())!;
    }
}
