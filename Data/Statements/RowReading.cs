using System.Data.Common;

namespace Xeno.Portal.Data.Statements;

/// <summary>Reads what the databases keep in different ways.</summary>
internal static class RowReading
{
    public static string? Text(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>An instant that the model maps as <c>DateTimeOffset</c>: UTC ticks on SQLite, a timestamp elsewhere.</summary>
    public static DateTimeOffset? Instant(this DbDataReader row, int column) => row.GetValue(column) switch
    {
        long ticks => new DateTimeOffset(ticks, TimeSpan.Zero),
        DateTime utc => new DateTimeOffset(utc, TimeSpan.Zero),
        _ => null,
    };

    /// <summary>An instant of the engine's columns: a <c>DateTime</c> in UTC, which comes back without a kind from SQLite.</summary>
    public static DateTimeOffset? EngineInstant(this DbDataReader row, int column)
        => row.IsDBNull(column) ? null : new DateTimeOffset(DateTime.SpecifyKind(row.GetDateTime(column), DateTimeKind.Utc));
}
