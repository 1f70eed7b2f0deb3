using System.Globalization;
using System.Text;

namespace Xeno.Portal.Bench;

/// <summary>What <c>/installed</c> costs an account that has very many tokens of one app, beside an account that has five.</summary>
internal static class ManyTokens
{
    private const string Page = "/installed";
    private const int PagesOpen = 100;

    public static async Task RunAsync(string build)
    {
        Console.WriteLine("""
            | tokens of one app | kB of HTML | kB over the circuit | sent together, kB | MiB a circuit |
            | ---: | ---: | ---: | ---: | ---: |
            """);
        foreach (var tokens in (int[])[5, 20_000])
            await MeasureAsync(new PortalSubject(build, "this build"), tokens);
    }

    private static async Task MeasureAsync(PortalSubject subject, int tokens)
    {
        using var store = await StoreFolder.MakeAsync(subject);
        string cookie;
        await using (var server = await RunningServer.StartAsync(subject, store.Path))
            cookie = (await subject.EnterAsync(server.Origin)).Cookie; // Leaves the first token.
        PortalSubject.AddTokens(store.Path, tokens - 1);

        await using var measured = await RunningServer.StartAsync(subject, store.Path);
        await using var circuits = new Circuits(measured, Page, cookie);
        await circuits.WarmUpAsync();

        var html = Encoding.UTF8.GetByteCount(await OpenCircuit.PageAsync(measured.Origin, Page, cookie));
        var before = await circuits.ResidentMegabytesAsync();
        await circuits.OpenAsync(PagesOpen);
        var (drawn, grown) = (circuits.MostBytesDrawn, await circuits.ResidentMegabytesAsync() - before);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {tokens} | {html / 1e3:F1} | {drawn / 1e3:F1} | {(html + drawn) / 1e3:F1} | {grown / PagesOpen:F2} |"));
    }
}
