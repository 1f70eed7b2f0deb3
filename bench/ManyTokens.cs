using System.Globalization;
using System.Text;

namespace Xeno.Portal.Bench;

/// <summary>What <c>/installed</c> costs an account that has very many tokens of one app, beside an account that has five.</summary>
internal static class ManyTokens
{
    private const string Page = "/installed";
    private const int Circuits = 100;

    // Until the server has released what the last pages used. With open pages the server is never completely idle.
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(string build)
    {
        Console.WriteLine("""
            | tokens of one app | kB of HTML | kB over the circuit | sent together, kB | MiB a circuit |
            | ---: | ---: | ---: | ---: | ---: |
            """);
        foreach (var tokens in (int[])[5, 20_000])
            await PortalSubject.OnStoreAsync(build, "this build", (subject, folder) => MeasureAsync(subject, folder, tokens));
    }

    private static async Task MeasureAsync(PortalSubject subject, string folder, int tokens)
    {
        string cookie;
        await using (var server = await RunningServer.StartAsync(subject, folder))
            cookie = (await subject.EnterAsync(server.Origin)).Cookie; // Leaves the first token.
        PortalSubject.AddTokens(folder, tokens - 1);

        await using var measured = await RunningServer.StartAsync(subject, folder);
        for (var i = 0; i < 20; i++) // Code that is loaded once does not count as memory of a circuit.
            await using (await OpenCircuit.OpenAsync(measured.Origin, Page, cookie))
            {
            }

        var html = Encoding.UTF8.GetByteCount(await OpenCircuit.PageAsync(measured.Origin, Page, cookie));
        await Task.Delay(s_settling);
        var before = measured.ResidentMegabytes();
        var circuits = new List<OpenCircuit>();
        try
        {
            while (circuits.Count < Circuits)
                circuits.Add(await OpenCircuit.OpenAsync(measured.Origin, Page, cookie));
            await Task.Delay(s_settling);
            var (drawn, grown) = (circuits.Max(circuit => circuit.BytesDrawn), measured.ResidentMegabytes() - before);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {tokens} | {html / 1e3:F1} | {drawn / 1e3:F1} | {(html + drawn) / 1e3:F1} | {grown / Circuits:F2} |"));
        }
        finally
        {
            foreach (var circuit in circuits)
                await circuit.DisposeAsync();
        }
    }
}
