using System.Reflection;
using Microsoft.Data.Sqlite;
using Npgsql;
using Xeno.Portal.Data.Statements;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Data;

/// <summary>How the database answers each of our statements: by an index, however many rows there are.</summary>
[Trait("Category", "Database")]
public sealed class StatementPlanTests(PortalFactory portal, PostgreSqlPortal postgreSql)
    : IClassFixture<PortalFactory>, IClassFixture<PostgreSqlPortal>
{
    // Small tables that are read whole on purpose: a row for each migration, and one for each key of the last months.
    private static readonly string[] s_smallTables = ["__EFMigrationsHistory", "DataProtectionKeys"];

    // Reads at most a fixed number of rows.
    private static readonly string[] s_stopsEarly = ["HistoryLedger.s_removeOld"];

    private static readonly Dictionary<string, Statement> s_statements = new[] { typeof(Statement).Assembly, typeof(PortalUrls).Assembly }
        .SelectMany(assembly => assembly.GetTypes())
        .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
        .Where(field => field.FieldType == typeof(Statement))
        .ToDictionary(field => $"{field.DeclaringType!.Name}.{field.Name}", field => (Statement)field.GetValue(null)!);

    private const string BySubject = "SEARCH Tokens USING COVERING INDEX IX_Tokens_Subject_Type_Status_ApplicationId_Generation_Scopes";
    private const string ByApplication = "SEARCH Tokens USING COVERING INDEX IX_Tokens_ApplicationId_Type_Status_Generation_Subject";

    public static TheoryData<string> Statements =>
    [
        .. s_statements.Where(pair => IsQuestionOrChange(pair.Value) && !s_stopsEarly.Contains(pair.Key)).Select(pair => pair.Key),
    ];

    [Theory]
    [MemberData(nameof(Statements))]
    public void No_statement_scans_a_growing_table_on_SQLite(string name)
    {
        var plan = PlanOf(s_statements[name]);

        // "held", "rows" and "counted" are short lists that the statement makes itself.
        Assert.DoesNotContain(plan, step => step.Contains("SCAN", StringComparison.Ordinal)
            && !s_smallTables.Any(table => step.Contains(table, StringComparison.Ordinal))
            && step is not ("SCAN held" or "SCAN rows" or "SCAN counted" or "SCAN CONSTANT ROW"));
    }

    [Theory]
    [InlineData("TokenLedger.s_findUsable", "SEARCH t USING INDEX IX_Tokens_ReferenceId (ReferenceId=?)")]
    [InlineData("TokenLedger.s_find", "SEARCH t USING INDEX IX_Tokens_ReferenceId (ReferenceId=?)")]
    [InlineData("SessionLedger.s_findWithApp",
        BySubject + " (Subject=? AND Type=? AND Status=? AND ApplicationId=? AND Generation=?)")]
    [InlineData("SessionLedger.s_findWithApp",
        BySubject + " (Subject=? AND Type=? AND Status=? AND ApplicationId=? AND Generation=? AND Scopes>?)")]
    [InlineData("GrantLedger.s_anyGranted",
        BySubject + " (Subject=? AND Type=? AND Status=? AND ApplicationId=? AND Generation=?)")]
    [InlineData("GrantLedger.s_nextAccounts",
        ByApplication + " (ApplicationId=? AND Type=? AND Status=? AND Generation<?)")]
    [InlineData("GrantLedger.s_findValidOfGrant", "SEARCH Tokens USING INDEX IX_Tokens_AuthorizationId (AuthorizationId=?)")]
    [InlineData("PrunableGrants.s_removeEnded", "SEARCH Grants USING INDEX Ended (CreationDate<?)")]
    [InlineData("PrunableGrants.s_removeNeverUsed", "SEARCH Tokens USING INDEX Codes (Status=? AND ExpirationDate<?)")]
    [InlineData("PrunableGrants.s_removeUsedCodes", "SEARCH Tokens USING INDEX Codes (Status=? AND ExpirationDate<?)")]
    [InlineData("SessionLedger.s_find", "SEARCH s USING INDEX IX_Sessions_KeyHash (KeyHash=?)")]
    [InlineData("SessionLedger.s_findWithApp", "SEARCH s USING INDEX IX_Sessions_KeyHash (KeyHash=?)")]
    [InlineData("ClientLookup.s_find", "SEARCH a USING INDEX IX_Apps_ClientId (ClientId=?)")]
    public void A_frequent_statement_uses_its_index(string name, string step)
        => Assert.Contains(step, PlanOf(s_statements[name]));

    [Theory]
    [MemberData(nameof(Statements))]
    public async Task No_statement_scans_a_growing_table_on_PostgreSQL(string name)
    {
        // Tables are small here, so a scan would be cheap. With scans off, the plan shows whether an index can be used.
        var statement = s_statements[name];
        var parameters = string.Join(", ", Enumerable.Range(1, 20)
            .TakeWhile(number => statement.Sql.Contains($"${number}", StringComparison.Ordinal)).Select(_ => "NULL"));
        await using var connection = new NpgsqlConnection(postgreSql.Settings["Database:ConnectionString"]);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        string[] settings =
            ["SET enable_seqscan = off", "SET plan_cache_mode = force_generic_plan", $"PREPARE question AS {statement.SqlWithLocks}"];
        foreach (var setting in settings)
            await new NpgsqlCommand(setting, connection).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var plan = new List<string>();
        var arguments = parameters.Length > 0 ? $"({parameters})" : "";
        await using (var explain = new NpgsqlCommand($"EXPLAIN EXECUTE question{arguments}", connection))
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
        _ = portal.Services; // Starts the portal, and so migrates.
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
