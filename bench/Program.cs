using Xeno.Portal.Bench;

var here = AppContext.BaseDirectory;
var portal = Path.Combine(here, "portal");

switch (args.FirstOrDefault())
{
    case "micro":
        Micro.Run(args[1..]);
        break;
    case "pages":
        await Pages.RunAsync(portal, Path.Combine(here, "pages"));
        break;
    case "hold":
        await Hold.LoadAsync(portal);
        break;
    case "open-pages":
        await Hold.PagesAsync(portal);
        break;
    case "many-tokens":
        await ManyTokens.RunAsync(portal);
        break;
    case "log-in-flood":
        await LogInFlood.RunAsync(BenchOptions.Parse(args, portal));
        break;
    default:
        var options = BenchOptions.Parse(args, portal);
        var subjects = new List<Subject> { new PortalSubject(options.Build, "this build") };
        if (options.Tokens > 0)
            subjects.Add(new PortalSubject(options.Build, $"this build with {options.Tokens:N0} tokens", options.Tokens));
        if (options.Against is { } other)
            subjects.Add(new PortalSubject(other, $"the build in {other}"));
        if (options.Peer)
            subjects.Add(new PeerSubject(Path.Combine(here, "peers", "oidc-provider")));

        var reports = new List<Report>();
        foreach (var subject in subjects)
            reports.Add(await Measuring.RunAsync(subject, options));
        Tables.Print(reports);
        break;
}
