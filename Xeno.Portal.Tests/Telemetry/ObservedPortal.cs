using System.Net;
using Npgsql;
using Xeno.Portal.Tests.Support;
using static Xeno.Portal.Tests.Support.GivenApps;

namespace Xeno.Portal.Tests.Telemetry;

/// <summary>
/// A portal in its own process on PostgreSQL that exports to a collector and to Prometheus, and has served a whole flow with its
/// failures: a log-in, an install, calls, a revocation, a page that was not found, and an error of the portal itself.
/// </summary>
public sealed class ObservedPortal(PostgreSqlCluster cluster) : IAsyncLifetime
{
    private readonly PostgreSqlPortal _maker = new(cluster);
    private PortalProcess? _process;

    public OtlpCollector Collector { get; } = new();

    /// <summary>The public address.</summary>
    public Uri Origin { get; private set; } = null!;

    /// <summary>The address of the metrics.</summary>
    public Uri Metrics { get; } = new($"http://localhost:{FreePort.Take()}/metrics");

    /// <summary>The metrics after the flow.</summary>
    public string Scrape { get; private set; } = "";

    /// <summary>The lines of the console.</summary>
    public IReadOnlyCollection<string> Lines => _process!.Lines;

    /// <summary>Values that no export may contain.</summary>
    public IReadOnlyCollection<string> Secrets { get; private set; } = [];

    /// <summary>The request id in the answer to the request that failed.</summary>
    public string FailedRequestId { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await _maker.InitializeAsync();
        var account = await _maker.AccountAsync();
        var app = await _maker.AppAsync(account, Callback);
        var (session, value) = await _maker.SessionCookieAsync(account, DateTimeOffset.UtcNow);

        _process = await PortalProcess.StartAsync(_maker,
            ("Telemetry:OtlpEndpoint", Collector.Address.ToString()), ("Telemetry:PrometheusPort", $"{Metrics.Port}"),
            ("Telemetry:InstanceId", "node-of-the-test"), ("RateLimits:LogInsPerAddress", "1"),
            ("OTEL_BSP_SCHEDULE_DELAY", "200"), ("OTEL_BLRP_SCHEDULE_DELAY", "200"), ("OTEL_METRIC_EXPORT_INTERVAL", "500"));
        Origin = new Uri(_process.Origin);

        var cookies = new CookieContainer();
        cookies.Add(new Cookie(session, value, "/", Origin.Host));
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false })
        {
            BaseAddress = Origin,
        };
        var rp = new RelyingParty(browser, app);

        var (right, wrong) = (await LogInAsync(account, Given.Password), await LogInAsync(account, "a wrong password"));
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.TooManyRequests), (right, wrong));

        var code = await rp.CodeAsync(browser, ("state", "secret-state"));
        await rp.ExchangeAsync(code, ("client_secret", "a wrong secret"));
        await rp.PostAsync("/OAuth/Token/", [("client_id", app.ClientId), ("client_secret", app.Secret), ("code", "a-wrong-code")]);
        var token = (await rp.ExchangeAsync(code))["access_token"]!;
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(token)).Status);
        await rp.IntrospectAsync(token);
        await browser.GetAsync($"/api/v1/me?access_token={token}");
        await browser.GetAsync($"{rp.AuthorizeUrl(("state", "secret-state"))}&code={code}&{token}");
        await browser.GetAsync(rp.AuthorizeUrl(("scope", "nothing")));
        await browser.GetAsync("/portal.css");
        await browser.GetAsync("/nothing");
        await browser.GetAsync("/health/ready");
        await browser.PostAsync("/_blazor/negotiate?negotiateVersion=1", null);

        await ExecuteAsync("""ALTER TABLE "Contacts" RENAME TO "Away" """);
        var failed = await rp.CallAsync(await rp.InstallAsync(browser, "contacts"), "/api/v1/contacts");
        await ExecuteAsync("""ALTER TABLE "Away" RENAME TO "Contacts" """);
        Assert.Equal(HttpStatusCode.InternalServerError, failed.Status);
        FailedRequestId = Assert.Single(failed.Response.Headers.GetValues("X-Request-Id"));
        Assert.Equal(FailedRequestId, failed["request_id"]);
        await rp.RevokeAsync(token);

        Scrape = await ReadAsync(Metrics.Port, until: "http_route=\"/oauth/revoke\"");
        Secrets =
        [
            code, token, app.Secret!, account.Email, Given.Password, "a wrong password", "a wrong secret", "a-wrong-code", "secret-state",
            value,
        ];

        await _process.StopAsync(); // Exports what is still in memory.
    }

    public async ValueTask DisposeAsync()
    {
        Collector.Dispose();
        if (_process is not null)
            await _process.DisposeAsync();
        await _maker.DisposeAsync();
    }

    /// <summary>
    /// The metrics that Prometheus reads there, as soon as <paramref name="until"/> is among them. Waits, because an answer is sent
    /// before it is counted.
    /// </summary>
    public static async Task<string> ReadAsync(int port, string until)
    {
        using var prometheus = new HttpClient();
        while (true)
        {
            var read = await prometheus.GetStringAsync($"http://localhost:{port}/metrics", TestContext.Current.CancellationToken);
            if (read.Contains(until, StringComparison.Ordinal))
                return read;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private async Task<HttpStatusCode> LogInAsync(GivenAccount account, string password)
    {
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Origin };
        return (await browser.LogInAsync(account.Email, password)).StatusCode;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_maker.Settings["Database:ConnectionString"]);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
