using System.ComponentModel.DataAnnotations;

namespace Xeno.Portal.Data;

/// <summary>Settings section <c>Database</c>.</summary>
public sealed class DatabaseOptions
{
    public const string Section = "Database";

    /// <summary>Which database holds everything.</summary>
    [EnumDataType(typeof(DatabaseProvider), ErrorMessage = "Database:Provider must be Sqlite or PostgreSql.")]
    public DatabaseProvider Provider { get; set; } = DatabaseProvider.Sqlite;

    /// <summary>As the provider takes it. A relative SQLite file path is taken as beside the <c>appsettings.json</c> in force.</summary>
    [Required(ErrorMessage = "Database:ConnectionString must not be empty; for SQLite for example: Data Source=Data/portal.db")]
    public string ConnectionString { get; set; } = "Data Source=Data/portal.db";

    /// <summary>How many connections one node keeps at most; not set: what the connection string says, or 100. SQLite has no use for it.</summary>
    [Range(2, 10_000, ErrorMessage = "Database:MaxConnections must be between 2 and 10000.")]
    public int? MaxConnections { get; set; }

    /// <summary>Whether a start brings the database to this build's model; if not, it is refused until the operator ran <c>migrate</c>.</summary>
    public bool MigrateOnStart { get; set; } = true;
}

/// <summary>The databases that have a derived context and migrations.</summary>
public enum DatabaseProvider
{
    /// <summary>One file in the process of the portal.</summary>
    Sqlite,

    /// <summary>A server that nodes share.</summary>
    PostgreSql,
}
