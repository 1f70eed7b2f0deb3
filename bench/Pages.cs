using System.Diagnostics;

namespace Xeno.Portal.Bench;

/// <summary>
/// The cost of the pages: the server's CPU for log-in and consent, first and warm; Lighthouse's scores; and how long a new browser takes
/// until an interactive page is usable, on a portal that has just started.
/// </summary>
internal static class Pages
{
    private const int WarmRequests = 4000;

    private static readonly string[] s_interactive = ["/apps", "/apps/new", "/installed", "/playground"];

    public static async Task RunAsync(string build, string scripts)
    {
        var subject = new PortalSubject(build, "this build");
        using var store = await StoreFolder.MakeAsync(subject);
        Flow flow;
        await using (var server = await RunningServer.StartAsync(subject, store.Path))
            flow = await subject.EnterAsync(server.Origin);
        (string Name, string Path, string? Cookie)[] inTheWay =
            [("log-in", "/account/login", null), ("consent", $"{flow.AuthorizePath}&prompt=consent", flow.Cookie)];

        Console.WriteLine("| page | first drawing, CPU ms | warm, CPU ms |\n| --- | ---: | ---: |");
        foreach (var (name, path, cookie) in inTheWay)
        {
            await using var server = await RunningServer.StartAsync(subject, store.Path);
            using var visitor = new HttpClient { BaseAddress = server.Origin };
            if (cookie is not null)
                visitor.DefaultRequestHeaders.Add("Cookie", cookie);

            // After the start the runtime goes on compiling for a moment. That must not be counted for the page.
            await server.QuietAsync();
            var cold = await CpuOfAsync(server, visitor, path, 1);
            await CpuOfAsync(server, visitor, path, WarmRequests);
            await server.QuietAsync();
            Console.WriteLine($"| {name} | {cold:F1} | {await CpuOfAsync(server, visitor, path, WarmRequests):F2} |");
        }

        await using (var server = await RunningServer.StartAsync(subject, store.Path))
            await NodeAsync(scripts, "lighthouse.mjs", [$"{server.Origin}",
                "/", "", "/docs", "", "/docs/errors", "", .. inTheWay.SelectMany(page => new[] { page.Path, page.Cookie ?? "" })]);

        Console.WriteLine("""

            | interactive page | usable after, ms: right after a start | by another new browser | again, with its cache |
            | --- | ---: | ---: | ---: |
            """);
        foreach (var path in s_interactive)
        {
            await using var server = await RunningServer.StartAsync(subject, store.Path);
            await server.QuietAsync();
            await NodeAsync(scripts, "usable.mjs", [$"{server.Origin}", path, flow.Cookie]);
        }
    }

    private static async Task<double> CpuOfAsync(RunningServer server, HttpClient visitor, string path, int count)
    {
        var before = server.FineCpu();
        for (var i = 0; i < count; i++)
            using (var answer = await visitor.GetAsync(path))
                answer.EnsureSuccessStatusCode();
        return (server.FineCpu() - before).TotalMilliseconds / count;
    }

    private static async Task NodeAsync(string scripts, string script, string[] arguments)
    {
        using var node = Process.Start(new ProcessStartInfo("node", [script, .. arguments]) { WorkingDirectory = scripts })!;
        await node.WaitForExitAsync();
        if (node.ExitCode != 0)
            throw new InvalidOperationException($"{script} failed.");
    }
}
