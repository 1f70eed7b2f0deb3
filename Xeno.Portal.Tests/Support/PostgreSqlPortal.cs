namespace Xeno.Portal.Tests.Support;

/// <summary>The real portal on a PostgreSQL database of its own.</summary>
public sealed class PostgreSqlPortal : PortalFactory, IAsyncLifetime
{
    private readonly PostgreSqlCluster _cluster;

    public PostgreSqlPortal(PostgreSqlCluster cluster) => _cluster = cluster;

    public async ValueTask InitializeAsync()
    {
        Settings["Database:Provider"] = "PostgreSql";
        Settings["Database:ConnectionString"] = await _cluster.NewDatabaseAsync();
    }

    /// <summary>One on a database with nothing in it, not even a table.</summary>
    public async Task<PortalFactory> BlankAsync()
    {
        var blank = new PortalFactory { Settings = { ["Database:Provider"] = "PostgreSql" } };
        blank.Settings["Database:ConnectionString"] = await _cluster.BlankDatabaseAsync();
        return blank;
    }

    /// <inheritdoc />
    public override async Task<PortalFactory> AnotherAsync()
    {
        var another = new PostgreSqlPortal(_cluster);
        await another.InitializeAsync();
        return another;
    }
}
