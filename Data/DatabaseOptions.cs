using System.ComponentModel.DataAnnotations;

namespace Xeno.Portal.Data;

/// <summary>Settings section <c>Database</c>.</summary>
public sealed class DatabaseOptions
{
    public const string Section = "Database";

    /// <summary>The kind of database.</summary>
    [EnumDataType(typeof(DatabaseProvider), ErrorMessage = "Database:Provider must be Sqlite or PostgreSql.")]
    public DatabaseProvider Provider { get; set; } = DatabaseProvider.Sqlite;

    /// <summary>In the provider's form. A relative SQLite file path starts at the folder of the <c>appsettings.json</c> in use.</summary>
    [Required(ErrorMessage = "Database:ConnectionString must not be empty; for SQLite for example: Data Source=Data/portal.db")]
    public string ConnectionString { get; set; } = "Data Source=Data/portal.db";

    /// <summary>The most connections of one node. Not set: the value in the connection string, or 100. Not used by SQLite.</summary>
    [Range(2, 10_000, ErrorMessage = "Database:MaxConnections must be between 2 and 10000.")]
    public int? MaxConnections { get; set; }

    /// <summary>
    /// Whether connections lead to a pooler that gives a server connection to another client after each transaction (PgBouncer with
    /// <c>pool_mode = transaction</c>). Then nothing is kept on a connection: no prepared statements, and no reset when it is returned.
    /// </summary>
    public bool BehindTransactionPooler { get; set; }

    /// <summary>
    /// Where a node listens for notices of the others, when <see cref="ConnectionString"/> leads to a transaction pooler: a connection
    /// string that leads straight to the server. Not set: the same as <see cref="ConnectionString"/>.
    /// </summary>
    public string? ListenConnectionString { get; set; }

    /// <summary>Whether a start applies pending migrations. If false, a start is refused until the operator runs <c>migrate</c>.</summary>
    public bool MigrateOnStart { get; set; } = true;
}

/// <summary>The databases that have a derived context and migrations.</summary>
public enum DatabaseProvider
{
    /// <summary>One file, used by one process of the portal.</summary>
    Sqlite,

    /// <summary>A server that several nodes share.</summary>
    PostgreSql,
}
