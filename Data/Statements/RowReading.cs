using System.Data.Common;

namespace Xeno.Portal.Data.Statements;

/// <summary>Reads values that SQLite and PostgreSQL store in different ways.</summary>
internal static class RowReading
{
    public static string? Text(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>An instant that the model maps as <c>DateTimeOffset</c>: UTC ticks on SQLite, a timestamp on PostgreSQL.</summary>
    public static DateTimeOffset? Instant(this DbDataReader row, int column) => row.GetValue(column) switch
    {
        long ticks => new DateTimeOffset(ticks, TimeSpan.Zero),
        DateTime utc => new DateTimeOffset(utc, TimeSpan.Zero),
        _ => null,
    };

    /// <summary>An instant of the engine's columns: a <c>DateTime</c> in UTC. SQLite returns it with an unspecified kind.</summary>
    public static DateTimeOffset? EngineInstant(this DbDataReader row, int column)
        => row.IsDBNull(column) ? null : new DateTimeOffset(DateTime.SpecifyKind(row.GetDateTime(column), DateTimeKind.Utc));
}
