namespace Xeno.Portal.Data.Moving;

/// <summary>
/// Rows that a move adds to EF Core's table of migrations, so that no portal starts on a database that must not be written to. An older
/// version of the portal takes them for migrations of a newer one, and refuses to start too.
/// </summary>
internal static class MoveMarks
{
    /// <summary>In the source, from the end of the move on: its rows are in PostgreSQL.</summary>
    public const string MovedAway = "99991231235959_MovedToPostgreSql";

    /// <summary>In the target, until the end of the move.</summary>
    public const string UnderWay = "99991231235959_MoveUnderWay";

    public const string Insert = $"""INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") VALUES """;
}
