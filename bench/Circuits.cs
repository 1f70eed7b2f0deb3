namespace Xeno.Portal.Bench;

/// <summary>Many circuits of one interactive page, and what the server holds for them.</summary>
/// <param name="cookie">The signed-in browser's cookies.</param>
internal sealed class Circuits(RunningServer server, string path, string cookie) : IAsyncDisposable
{
    private const int WarmUp = 20;

    // Until the server has released what the last pages used. With open pages the server is never completely idle.
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(5);

    private readonly List<OpenCircuit> _open = [];

    public int Count => _open.Count;

    /// <summary>The most that the server has sent to draw the page over one circuit, in bytes.</summary>
    public long MostBytesDrawn => _open.Max(circuit => circuit.BytesDrawn);

    /// <summary>Opens and closes the page some times: code that is loaded once does not count as memory of a circuit.</summary>
    public async Task WarmUpAsync()
    {
        for (var i = 0; i < WarmUp; i++)
            await using (await OpenCircuit.OpenAsync(server.Origin, path, cookie))
            {
            }
    }

    /// <summary>Opens more of them, which stay open.</summary>
    public async Task OpenAsync(int count)
    {
        for (var i = 0; i < count; i++)
            _open.Add(await OpenCircuit.OpenAsync(server.Origin, path, cookie));
    }

    /// <summary>The server's resident memory, in MiB, after it has settled.</summary>
    public async Task<double> ResidentMegabytesAsync()
    {
        await Task.Delay(s_settling);
        return server.ResidentMegabytes();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var circuit in _open)
            await circuit.DisposeAsync();
    }
}
