using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Operations;

/// <summary>What <c>deploy/</c> describes: two nodes with the unit's settings, one PostgreSQL, nginx in front.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly int[] _ports;
    private readonly Dictionary<string, string?> _settings;

    private Site(int[] ports, NginxProxy proxy, PostgreSqlPortal store, Dictionary<string, string?> settings)
        => (_ports, Proxy, Store, _settings) = (ports, proxy, store, settings);

    public NginxProxy Proxy { get; }

    /// <summary>A portal on the same database, with which a test makes its data.</summary>
    public PostgreSqlPortal Store { get; }

    public PortalProcess[] Nodes { get; } = new PortalProcess[2];

    public static async Task<Site> StartAsync(PostgreSqlCluster cluster, params (string Key, string Value)[] settings)
    {
        int[] ports = [FreePort.Take(), FreePort.Take()];
        var proxy = await NginxProxy.StartAsync(ports[0], ports[1]);
        var store = new PostgreSqlPortal(cluster) { Settings = { ["OAuth:Issuer"] = proxy.Origin } };
        await store.InitializeAsync();

        var site = new Site(ports, proxy, store, store.SettingsBeside());
        foreach (var (key, value) in settings.DefaultIfEmpty(("RateLimits:Enabled", "false")))
            site._settings[key] = value;
        await Task.WhenAll(site.StartNodeAsync(0), site.StartNodeAsync(1));
        return site;
    }

    /// <summary>Starts a node in place of one that has stopped.</summary>
    public Task StartNodeAsync(int node) => StartNodeAsync(node, PortalProgram.File);

    /// <summary>Stops a node, and starts another build in its place.</summary>
    public async Task UpdateNodeAsync(int node, string program)
    {
        Assert.Equal(0, await Nodes[node].StopAsync());
        await StartNodeAsync(node, program);
    }

    private async Task StartNodeAsync(int node, string program)
    {
        if (Nodes[node] is { } ended)
            await ended.DisposeAsync();
        Assert.EndsWith("/Xeno.Portal.dll", Assert.Single(NodeUnit.Values("ExecStart")), StringComparison.Ordinal);
        Nodes[node] = await PortalProcess.StartAsync(NodeUnit.EnvironmentOf(_ports[node]).Concat(_settings), program);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes.Where(node => node is not null))
            await node.DisposeAsync();
        await Proxy.DisposeAsync();
        await Store.DisposeAsync();
    }
}
