using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Xeno.Portal.Telemetry;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Telemetry;

/// <summary>
/// What an operator sees of a portal: what Prometheus reads, what the collector receives, what the console prints, and no secret in any of
/// them.
/// </summary>
[Trait("Category", "Operations")]
public sealed partial class TelemetryTests(ObservedPortal portal) : IClassFixture<ObservedPortal>
{
    [Theory]
    [InlineData("xeno_portal_codes_issued", 3)]
    [InlineData("xeno_portal_codes_exchanged", 2)]
    [InlineData("xeno_portal_codes_replayed", 0)]
    [InlineData("xeno_portal_logins{outcome=\"done\"}", 1)]
    [InlineData("xeno_portal_logins{outcome=\"limited\"}", 1)]
    [InlineData("xeno_portal_grants_ended{by=\"app\"}", 1)]
    [InlineData("xeno_portal_grants_ended{by=\"account\"}", 0)]
    [InlineData("xeno_portal_api_calls{outcome=\"served\"}", 1)]
    [InlineData("xeno_portal_api_calls{outcome=\"failed\"}", 1)]
    [InlineData("xeno_portal_api_calls{outcome=\"limited\"}", 0)]
    [InlineData("xeno_portal_ratelimit_refusals{limit=\"RefusedApiCall\"}", 0)]
    [InlineData("xeno_portal_pruned_rows{kind=\"guesses\"}", 0)]
    [InlineData("xeno_portal_api_calls{outcome=\"refused\"}", 1)]
    [InlineData("xeno_portal_ratelimit_refusals{limit=\"LogIn\"}", 1)]
    [InlineData("xeno_portal_oauth_refusals{endpoint=\"/oauth/token\",error=\"invalid_client\"}", 1)]
    [InlineData("xeno_portal_oauth_refusals{endpoint=\"/oauth/token\",error=\"invalid_grant\"}", 1)]
    [InlineData("xeno_portal_oauth_refusals{endpoint=\"/oauth/authorize\",error=\"invalid_scope\"}", 1)]
    [InlineData("xeno_portal_pages_open", 0)]
    [InlineData("xeno_portal_mails{class=\"security\",outcome=\"given_up\"}", 0)]
    [InlineData("xeno_portal_mails_waiting", 0)]
    public void Prometheus_reads_the_expected_value(string metric, double value)
        => Assert.Contains($"\n{metric} {value}\n", portal.Scrape, StringComparison.Ordinal);

    [Fact]
    public async Task Metrics_are_served_only_on_their_own_port()
    {
        await using var maker = new PortalFactory();
        _ = maker.Services; // The database is migrated.
        var port = FreePort.Take();
        await using var process = await PortalProcess.StartAsync(maker, ("Telemetry:PrometheusPort", $"{port}"));
        using var http = new HttpClient();

        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync($"{process.Origin}/metrics")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync($"http://localhost:{port}/api/v1/me")).StatusCode);
        var scrape = await http.GetStringAsync($"http://localhost:{port}/metrics");
        Assert.Contains("xeno_portal_codes_issued 0", scrape, StringComparison.Ordinal);

        await process.StopAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync($"http://localhost:{port}/metrics"));
    }

    [Fact]
    public async Task Two_portals_in_one_process_have_separate_metrics()
    {
        var (here, there) = (FreePort.Take(), FreePort.Take());
        await using var first = new PortalFactory { Settings = { ["Telemetry:PrometheusPort"] = $"{here}" } };
        await first.Browser().GetAsync("/docs");
        await using (var second = new PortalFactory { Settings = { ["Telemetry:PrometheusPort"] = $"{there}" } })
        {
            await second.Browser().GetAsync("/account/login");
            var ofFirst = await ObservedPortal.ReadAsync(here, until: "http_route=\"/docs\"");
            var ofSecond = await ObservedPortal.ReadAsync(there, until: "http_route=\"/account/login\"");
            Assert.DoesNotContain("http_route=\"/account/login\"", ofFirst, StringComparison.Ordinal);
            Assert.DoesNotContain("http_route=\"/docs\"", ofSecond, StringComparison.Ordinal);
        }

        await first.Browser().GetAsync("/account/register");
        await ObservedPortal.ReadAsync(here, until: "http_route=\"/account/register\"");
    }

    [Fact]
    public void Labels_have_few_values()
    {
        var routes = Values("http_route");

        Assert.Superset(
            new HashSet<string>(
                ["/oauth/token", "/oauth/authorize", "/oauth/introspect", "/oauth/revoke", "/api/v1/me", "/account/login"]),
            routes);
        Assert.DoesNotContain(routes, route
            => route.Contains("health", StringComparison.Ordinal) || route.EndsWith(".css", StringComparison.Ordinal));
        Assert.All(Values("endpoint"), endpoint => Assert.StartsWith("/oauth/", endpoint));
        Assert.All(Values("endpoint"), endpoint => Assert.Equal(endpoint.ToLowerInvariant().TrimEnd('/'), endpoint));
        Assert.Equal(["portal"], Values("db_client_connection_pool_name"));
        Assert.InRange(portal.Scrape.Split('\n').Length, 100, 2000);

        HashSet<string> Values(string label)
            => [.. Regex.Matches(portal.Scrape, $"[{{,]{label}=\"([^\"]*)\"").Select(match => match.Groups[1].Value)];
    }

    [Theory]
    [InlineData("traces", "POST /oauth/token", "GET /api/v1/me", "db.query.text", "node-of-the-test", "xeno-portal")]
    [InlineData(
        "metrics", "xeno.portal.codes.issued", "http.server.request.duration", "db.client.", "dotnet.gc.collections", "kestrel.",
        "node-of-the-test")]
    [InlineData("logs", "RequestId", "allowed app", "node-of-the-test")]
    public void The_collector_receives(string signal, params string[] texts)
        => Assert.All(texts, text => Assert.Contains(text, Received(signal), StringComparison.Ordinal));

    [Fact]
    public void Probes_files_scrapes_and_circuits_are_not_traced()
    {
        foreach (var path in new[] { "/health/ready", "/portal.css", "/metrics", "/_blazor" })
            Assert.DoesNotContain(path, portal.Collector.Traces, StringComparison.Ordinal);
        Assert.DoesNotContain("url.query", portal.Collector.Traces, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("traces")]
    [InlineData("metrics")]
    [InlineData("logs")]
    [InlineData("scrape")]
    [InlineData("console")]
    public void No_secret_is_exported(string way)
    {
        var text = Received(way);

        Assert.NotEmpty(text);
        foreach (var secret in portal.Secrets)
            Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void The_id_in_an_error_answer_is_in_its_line_of_the_log()
    {
        var lines = portal.Lines.Select(line => JsonDocument.Parse(line).RootElement).ToList();

        var line = Assert.Single(lines, line => IdOf(line) == portal.FailedRequestId
            && line.GetProperty("Message").GetString()!.Contains("unhandled exception", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("Error", line.GetProperty("LogLevel").GetString());
        Assert.Contains("Contacts", line.GetProperty("Exception").GetString(), StringComparison.Ordinal);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", line.GetProperty("Timestamp").GetString());
        Assert.Contains(portal.FailedRequestId, portal.Collector.Logs, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(line.GetProperty("State").GetProperty("RequestClientId").GetString()));
        Assert.False(string.IsNullOrEmpty(line.GetProperty("State").GetProperty("RequestAccountId").GetString()));

        var allowed = lines.First(line => line.GetProperty("EventId").GetInt32() == 1002);
        Assert.NotNull(IdOf(allowed));
        Assert.Null(IdOf(lines.First(
            line => line.GetProperty("Message").GetString()!.StartsWith("Now listening", StringComparison.Ordinal))));

        static string? IdOf(JsonElement line) => line.GetProperty("State").TryGetProperty("RequestId", out var id) ? id.GetString() : null;
    }

    [Fact]
    public async Task Settings_choose_the_format_and_the_levels_of_the_console()
    {
        await using var maker = new PortalFactory(); // Not started: so the process has to migrate, and logs it.
        await using var process = await PortalProcess.StartAsync(maker,
            ("Logging:Console:FormatterName", "simple"), ("Logging:LogLevel:Default", "Critical"),
            ("Logging:LogLevel:Xeno.Portal", "Error"));

        Assert.Contains(process.Lines, line => line.StartsWith("info: Microsoft.Hosting.Lifetime", StringComparison.Ordinal));
        Assert.DoesNotContain(process.Lines, line
            => line.StartsWith('{') || line.StartsWith("info: Xeno.Portal", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/oauth/token", true)]
    [InlineData("/api/v1/me", true)]
    [InlineData("/health/live", false)]
    [InlineData("/mudblazor/MudBlazor.min.css", false)]
    [InlineData("/_blazor", false)]
    public void Pages_and_endpoints_are_traced_and_probes_files_and_circuits_are_not(string path, bool isTraced)
        => Assert.Equal(isTraced, TelemetryFeature.IsTraced(new DefaultHttpContext { Request = { Path = path } }));

    [Theory]
    [InlineData("deploy/grafana/xeno-portal.json")]
    [InlineData("deploy/prometheus/alerts.yml")]
    [InlineData("docs/operations.md")]
    public void Every_metric_and_label_that_a_file_names_exists(string file)
    {
        var text = File.ReadAllText(Path.Combine(SourceTree.Top, file)).Replace("\\\"", "\"", StringComparison.Ordinal);

        var metrics = MetricNames().Matches(text).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        Assert.NotEmpty(metrics);
        Assert.All(metrics, metric => Assert.Matches($"(?m)^{metric}(_count)?[{{ ]", portal.Scrape));
        Assert.All(LabelNames().Matches(text).SelectMany(match => match.Groups.Values.Skip(1)).Where(group => group.Success)
                .SelectMany(group => group.Value.Split(',', StringSplitOptions.TrimEntries)).Except(["instance", "job", "le", "alertname"]),
            label => Assert.Contains($"{label}=\"", portal.Scrape, StringComparison.Ordinal));
    }

    [Fact]
    public void The_docs_name_every_metric_of_the_portal_and_every_alert()
    {
        var docs = File.ReadAllText(Path.Combine(SourceTree.Top, "docs", "operations.md"));
        var rules = File.ReadAllText(Path.Combine(SourceTree.Top, "deploy", "prometheus", "alerts.yml"));
        var alerts = Regex.Matches(rules, @"- alert: (\w+)\n(?:.*\n)*?\s+summary: .+\n\s+description: .+");

        Assert.All(
            OwnMetrics().Matches(portal.Scrape).Select(match => match.Value),
            metric => Assert.Contains($"`{metric}`", docs, StringComparison.Ordinal));
        Assert.True(alerts.Count >= 10);
        Assert.All(alerts.Select(alert => alert.Groups[1].Value), alert => Assert.Contains($"`{alert}`", docs, StringComparison.Ordinal));
    }

    [Fact]
    public void The_dashboard_can_be_imported_into_any_Grafana()
    {
        var file = File.ReadAllText(Path.Combine(SourceTree.Top, "deploy", "grafana", "xeno-portal.json"));
        var dashboard = JsonDocument.Parse(file).RootElement;
        var panels = dashboard.GetProperty("panels").EnumerateArray().ToList();

        Assert.InRange(dashboard.GetProperty("schemaVersion").GetInt32(), 39, 41); // Grafana 11 and 12.
        Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.Contains(
            dashboard.GetProperty("templating").GetProperty("list").EnumerateArray(),
            variable => variable.GetProperty("type").GetString() == "datasource");
        Assert.All(panels.Where(panel => panel.GetProperty("type").GetString() != "row"), panel =>
        {
            Assert.Equal("${datasource}", panel.GetProperty("datasource").GetProperty("uid").GetString());
            Assert.NotEmpty(panel.GetProperty("targets").EnumerateArray());
        });
    }

    [GeneratedRegex(@"\b(?:xeno_portal|microsoft_aspnetcore|system_runtime|npgsql)_\w+")]
    private static partial Regex MetricNames();

    [GeneratedRegex(@"\bxeno_portal_\w+")]
    private static partial Regex OwnMetrics();

    // "sum by (a, b)" and "{a="..." , b=~"..."}".
    [GeneratedRegex("\\bby \\(([a-z_, ]+)\\)|[{,]([a-z_]+)!?=~?\"")]
    private static partial Regex LabelNames();

    private string Received(string way) => way switch
    {
        "traces" => portal.Collector.Traces,
        "metrics" => portal.Collector.Metrics,
        "logs" => portal.Collector.Logs,
        "scrape" => portal.Scrape,
        _ => string.Join('\n', portal.Lines),
    };
}
