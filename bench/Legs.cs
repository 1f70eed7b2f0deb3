namespace Xeno.Portal.Bench;

/// <summary>The five legs of the flow. Each produces what the next one needs.</summary>
internal sealed class Legs(RunningServer server, Flow flow, string folder)
{
    public static readonly IReadOnlyList<string> Names = ["authorize", "exchange", "api", "introspect", "revoke"];

    /// <summary>Called for each leg. It must call <paramref name="run"/>, which runs the load generator.</summary>
    public delegate Task Watch(string leg, int count, Func<Task<WrkResult>> run);

    /// <summary>Sends <paramref name="count"/> codes through all legs over that many connections.</summary>
    public async Task RunAsync(int connections, int count, Watch watch)
    {
        var codes = Path.Combine(folder, "codes");
        var tokens = Path.Combine(folder, "tokens");

        // Some more codes, not measured: when a leg ends, a few requests are still under way, and no code may be sent twice.
        await watch("authorize", count, () => Wrk.RunAsync(
            server.Origin, "authorize", connections, count, null, codes, flow.AuthorizePath, flow.Cookie, $"{flow.AuthorizeStatus}"));
        var spare = codes + ".spare";
        await Wrk.RunAsync(
            server.Origin, "authorize", connections, connections, null, spare, flow.AuthorizePath, flow.Cookie, $"{flow.AuthorizeStatus}");
        await File.AppendAllLinesAsync(codes, await File.ReadAllLinesAsync(spare));

        await watch("exchange", count, () => Wrk.RunAsync(
            server.Origin, "exchange", connections, count, codes, tokens, flow.TokenPath, flow.ExchangeForm));
        await watch("api", count * 4, () => Wrk.RunAsync(
            server.Origin, "api", connections, count * 4, tokens, null, flow.ApiPath, flow.ApiBody));
        await watch("introspect", count, () => Wrk.RunAsync(
            server.Origin, "introspect", connections, count, tokens, null, flow.IntrospectPath, flow.ClientForm));
        await watch("revoke", count, () => Wrk.RunAsync(
            server.Origin, "revoke", connections, count, tokens, null, flow.RevokePath, flow.ClientForm));
    }
}
