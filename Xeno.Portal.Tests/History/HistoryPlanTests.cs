using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xeno.Portal.Data;
using Xeno.Portal.Data.History;
using Xeno.Portal.History;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.History;

/// <summary>The three readers of the history use an index, start where the page before ended, and sort nothing.</summary>
[Trait("Category", "Database")]
public sealed class HistoryPlanTests(PortalFactory sqlite, PostgreSqlPortal postgreSql)
    : IClassFixture<PortalFactory>, IClassFixture<PostgreSqlPortal>
{
    private static readonly Dictionary<string, Func<PortalDbContext, IQueryable<HistoryEntry>>> s_readers = new(StringComparer.Ordinal)
    {
        ["account"] = database => database.History.Where(entry => entry.AccountId == "a"),
        ["app"] = database => database.History.Where(entry => entry.ClientId == "c"),
        ["all"] = database => database.History,
    };

    [Theory]
    [InlineData("account", "SEARCH h USING INDEX IX_History_AccountId_Id (AccountId=? AND Id<?)")]
    [InlineData("app", "SEARCH h USING INDEX IX_History_ClientId_Id (ClientId=? AND Id<?)")]
    [InlineData("all", "SEARCH h USING INTEGER PRIMARY KEY (rowid<?)")]
    public async Task Each_reader_uses_an_index_on_SQLite(string reader, string step)
    {
        var sql = await SqlAsync(sqlite, reader);
        await using var database = new SqliteConnection($"Data Source={sqlite.DatabaseFile}");
        await database.OpenAsync(TestContext.Current.CancellationToken);

        Assert.Equal([step], await PlanAsync(database, "EXPLAIN QUERY PLAN " + sql, column: 3));
    }

    [Theory]
    [InlineData("account", "Index Scan Backward using \"IX_History_AccountId_Id\"")]
    [InlineData("app", "Index Scan Backward using \"IX_History_ClientId_Id\"")]
    [InlineData("all", "Index Scan Backward using \"PK_History\"")]
    public async Task Each_reader_uses_an_index_on_PostgreSQL(string reader, string step)
    {
        var sql = await SqlAsync(postgreSql, reader);
        await using var database = new NpgsqlConnection(postgreSql.Settings["Database:ConnectionString"]);
        await database.OpenAsync(TestContext.Current.CancellationToken);

        // The table is empty here, so a full scan would be cheap. With scans discouraged, the plan shows whether an index can be used.
        await PlanAsync(database, "SET enable_seqscan = off", column: 0);
        await PlanAsync(database, "SET enable_bitmapscan = off", column: 0);
        var plan = await PlanAsync(database, "EXPLAIN " + sql, column: 0);

        Assert.Contains(plan, line => line.Contains(step, StringComparison.Ordinal));
        Assert.DoesNotContain(plan, line => line.Contains("Sort", StringComparison.Ordinal));
    }

    private static Task<string> SqlAsync(PortalFactory portal, string reader) => portal.AskDatabaseAsync(database =>
    {
        using var command = HistoryReader.Page(s_readers[reader](database), new HistoryQuery(Before: 1000)).CreateDbCommand();
        var sql = command.CommandText;
        foreach (System.Data.Common.DbParameter parameter in command.Parameters)
            sql = sql.Replace(
                $"@{parameter.ParameterName.TrimStart('@')}",
                Convert.ToString(parameter.Value, System.Globalization.CultureInfo.InvariantCulture),
                StringComparison.Ordinal);
        return Task.FromResult(sql);
    });

    private static async Task<List<string>> PlanAsync(System.Data.Common.DbConnection database, string sql, int column)
    {
        await using var command = database.CreateCommand();
        command.CommandText = sql;
        List<string> lines = [];
        await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await rows.ReadAsync(TestContext.Current.CancellationToken))
            lines.Add(rows.GetString(column));
        return lines;
    }
}
