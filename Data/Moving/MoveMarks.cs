namespace Xeno.Portal.Data.Moving;

/// <summary>
/// What a move leaves in the history of migrations, so that no portal starts on a database that is not, or no longer, the one to write to: an
/// older version reads them as migrations of a newer one, which they refuse as well.
/// </summary>
internal static class MoveMarks
{
    /// <summary>In the source, for good: its rows are in PostgreSQL.</summary>
    public const string MovedAway = "99991231235959_MovedToPostgreSql";

    /// <summary>In the target, until the move is done.</summary>
    public const string UnderWay = "99991231235959_MoveUnderWay";

    public const string Insert = $"""INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") VALUES """;
}
