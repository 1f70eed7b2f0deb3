using System.Reflection;
using Microsoft.Data.Sqlite;
using Npgsql;
using Xeno.Portal.Data.Statements;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Data;

/// <summary>How the database answers each statement of ours: by an index, however many rows there are.</summary>
[Trait("Category", "Database")]
public sealed class StatementPlanTests(PortalFactory portal, PostgreSqlPortal postgreSql) : IClassFixture<PortalFactory>, IClassFixture<PostgreSqlPortal>
{
    // Read whole on purpose, and small: a row for each migration, and one for each key of the last months.
    private static readonly string[] s_smallTables = ["__EFMigrationsHistory", "DataProtectionKeys"];

    // Stops after as many rows as it is allowed to look at.
    private static readonly string[] s_stopsEarly = ["HistoryLedger.s_removeOld"];

    private static readonly Dictionary<string, Statement> s_statements = new[] { typeof(Statement).Assembly, typeof(PortalUrls).Assembly }
        .SelectMany(assembly => assembly.GetTypes())
        .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public).Where(field => field.FieldType == typeof(Statement)))
        .ToDictionary(field => $"{field.DeclaringType!.Name}.{field.Name}", field => (Statement)field.GetValue(null)!);

    public static TheoryData<string> Statements => [.. s_statements.Where(pair => IsQuestionOrChange(pair.Value) && !s_stopsEarly.Contains(pair.Key)).Select(pair => pair.Key)];

    [Theory]
    [MemberData(nameof(Statements))]
    public void No_statement_walks_through_a_table_that_grows(string name)
    {
        var plan = PlanOf(s_statements[name]);

        Assert.DoesNotContain(plan, step => step.Contains("SCAN", StringComparison.Ordinal)
            && !s_smallTables.Any(table => step.Contains(table, StringComparison.Ordinal)) && step is not ("SCAN held" or "SCAN CONSTANT ROW"));
    }

    [Theory]
    [InlineData("TokenLedger.s_findUsable", "SEARCH t USING INDEX IX_Tokens_ReferenceId (ReferenceId=?)")]
    [InlineData("TokenLedger.s_find", "SEARCH t USING INDEX IX_Tokens_ReferenceId (ReferenceId=?)")]
    [InlineData("TokenLedger.s_standing", "SEARCH Tokens USING COVERING INDEX IX_Tokens_Subject_Type_Status_ApplicationId_Generation_Scopes (Subject=? AND Type=? AND Status=? AND ApplicationId=? AND Generation=?)")]
    [InlineData("TokenLedger.s_standing", "SEARCH Tokens USING COVERING INDEX IX_Tokens_Subject_Type_Status_ApplicationId_Generation_Scopes (Subject=? AND Type=? AND Status=? AND ApplicationId=? AND Generation=? AND Scopes>?)")]
    [InlineData("GrantLedger.s_anyGranted", "SEARCH Tokens USING COVERING INDEX IX_Tokens_Subject_Type_Status_ApplicationId_Generation_Scopes (Subject=? AND Type=? AND Status=? AND ApplicationId=? AND Generation=?)")]
    [InlineData("GrantLedger.s_nextAccount", "SEARCH Tokens USING COVERING INDEX IX_Tokens_ApplicationId_Type_Status_Generation_Subject (ApplicationId=? AND Type=? AND Status=? AND Generation<?)")]
    [InlineData("GrantLedger.s_endTokenOfGrant", "SEARCH Tokens USING INDEX IX_Tokens_AuthorizationId (AuthorizationId=?)")]
    [InlineData("PrunableGrants.s_removeEnded", "SEARCH Grants USING INDEX Ended (CreationDate<?)")]
    [InlineData("PrunableGrants.s_removeNeverUsed", "SEARCH Tokens USING INDEX Waiting (ExpirationDate<?)")]
    [InlineData("ClientLookup.s_find", "SEARCH Apps USING INDEX IX_Apps_ClientId (ClientId=?)")]
    public void A_statement_of_every_request_goes_by_its_index(string name, string step)
        => Assert.Contains(step, PlanOf(s_statements[name]));

    [Theory]
    [MemberData(nameof(Statements))]
    public async Task Nor_on_PostgreSql(string name)
    {
        // Tables are small here, so a scan would be right; told to avoid one, the planner shows whether there is another way.
        var statement = s_statements[name];
        var parameters = string.Join(", ", Enumerable.Range(1, 20).TakeWhile(number => statement.Sql.Contains($"${number}", StringComparison.Ordinal)).Select(_ => "NULL"));
        await using var connection = new NpgsqlConnection(postgreSql.Settings["Database:ConnectionString"]);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        foreach (var setting in (string[])["SET enable_seqscan = off", "SET plan_cache_mode = force_generic_plan", $"PREPARE question AS {statement.SqlWithLocks}"])
            await new NpgsqlCommand(setting, connection).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var plan = new List<string>();
        await using (var explain = new NpgsqlCommand($"EXPLAIN EXECUTE question{(parameters.Length > 0 ? $"({parameters})" : "")}", connection))
        await using (var rows = await explain.ExecuteReaderAsync(TestContext.Current.CancellationToken))
            while (await rows.ReadAsync(TestContext.Current.CancellationToken))
                plan.Add(rows.GetString(0));

        Assert.DoesNotContain(plan, step => step.Contains("Seq Scan", StringComparison.Ordinal)
            && !s_smallTables.Any(table => step.Contains(table, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_list_is_not_empty() => Assert.True(Statements.Count > 12, $"{Statements.Count} statements");

    private static bool IsQuestionOrChange(Statement statement)
        => statement.Sql.TrimStart().Split(' ', '\n')[0] is "SELECT" or "UPDATE" or "DELETE" or "INSERT" or "WITH";

    private List<string> PlanOf(Statement statement)
    {
        _ = portal.Services; // Made, and migrated.
        using var database = new SqliteConnection($"Data Source={portal.DatabaseFile}");
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + statement.Sql;
        for (var number = 1; statement.Sql.Contains($"${number}", StringComparison.Ordinal); number++)
            command.Parameters.AddWithValue($"${number}", "x");
        var steps = new List<string>();
        using var rows = command.ExecuteReader();
        while (rows.Read())
            steps.Add(rows.GetString(3));
        return steps;
    }
}
