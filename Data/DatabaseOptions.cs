using System.ComponentModel.DataAnnotations;

namespace Xeno.Portal.Data;

/// <summary>Settings section <c>Database</c>.</summary>
public sealed class DatabaseOptions
{
    public const string Section = "Database";

    /// <summary>Which database holds everything.</summary>
    [EnumDataType(typeof(DatabaseProvider), ErrorMessage = "Database:Provider must be Sqlite.")]
    public DatabaseProvider Provider { get; set; } = DatabaseProvider.Sqlite;

    /// <summary>A relative SQLite file path is taken as beside the <c>appsettings.json</c> in force.</summary>
    [Required(ErrorMessage = "Database:ConnectionString must not be empty; for SQLite for example: Data Source=Data/portal.db")]
    public string ConnectionString { get; set; } = "Data Source=Data/portal.db";
}

/// <summary>The databases that have a derived context and migrations.</summary>
public enum DatabaseProvider
{
    Sqlite,
}
