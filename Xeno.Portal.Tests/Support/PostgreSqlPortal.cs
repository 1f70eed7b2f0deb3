namespace Xeno.Portal.Tests.Support;

/// <summary>The real portal on its own PostgreSQL database.</summary>
public sealed class PostgreSqlPortal : PortalFactory, IAsyncLifetime
{
    private readonly PostgreSqlCluster _cluster;

    public PostgreSqlPortal(PostgreSqlCluster cluster) => _cluster = cluster;

    public async ValueTask InitializeAsync()
    {
        Settings["Database:Provider"] = "PostgreSql";
        Settings["Database:ConnectionString"] = await _cluster.NewDatabaseAsync();
    }

    /// <summary>A portal on an empty database without tables.</summary>
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
