using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Lifecycle;
using Xeno.Portal.Tests.Support;
using Xeno.Portal.Tests.Telemetry;

namespace Xeno.Portal.Tests.Lifecycle;

/// <summary>The public pages that the portal requests from itself after its start.</summary>
[Trait("Category", "Fast")]
public sealed class WarmStartTests
{
    [Theory]
    [InlineData("http://localhost:5080", "http://localhost:5080/")]
    [InlineData("http://127.0.0.1:81", "http://127.0.0.1:81/")]
    [InlineData("http://0.0.0.0:8080", "http://localhost:8080/")]
    [InlineData("http://[::]:8080", "http://localhost:8080/")]
    [InlineData("https://localhost:5443,http://10.0.0.5:80,http://[::1]:82,http://localhost:83", "http://[::1]:82/")]
    [InlineData("https://localhost:5443", null)]
    [InlineData("http://10.0.0.5:8080", null)]
    [InlineData("http://unix:/run/portal.sock", null)]
    [InlineData("", null)]
    public void It_requests_a_plain_http_address_of_this_machine(string addresses, string? asked)
        => Assert.Equal(asked, WarmStart.Reachable(addresses.Split(',', StringSplitOptions.RemoveEmptyEntries))?.ToString());

    [Fact]
    public async Task Every_page_is_public_and_getting_it_changes_nothing()
    {
        await using var portal = new PortalFactory();

        foreach (var page in portal.Services.GetServices<WarmPage>())
        {
            var answer = await portal.Browser().GetAsync(page.Path);
            Assert.True(answer.StatusCode is HttpStatusCode.OK, $"{page.Path}: {answer.StatusCode}");
        }

        Assert.Equal(0, await portal.AskDatabaseAsync(database => database.Grants.CountAsync()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("https://portal.example")]
    public async Task The_pages_are_requested_and_not_counted(string? issuer)
    {
        var metrics = FreePort.Take();
        await using var portal = new ListeningPortal(
            ("Telemetry:PrometheusPort", $"{metrics}"), ("Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics", "Information"),
            ("OAuth:Issuer", issuer ?? ""));
        await portal.Services.GetRequiredService<WarmStart>().ExecuteTask!;

        Assert.Contains("/account/login - 200", portal.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("could not be opened", portal.Log.Text, StringComparison.Ordinal);
        using var visitor = new HttpClient();
        await visitor.GetAsync($"{portal.Origin}/docs/errors", TestContext.Current.CancellationToken);
        var read = await ObservedPortal.ReadAsync(metrics, until: "\"/docs/errors\"");
        Assert.DoesNotContain("\"/account/login\"", read, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_listening_server_it_does_nothing()
    {
        await using var portal = new PortalFactory { Settings = { ["Logging:LogLevel:Xeno.Portal"] = "Debug" } };

        await portal.Services.GetRequiredService<WarmStart>().ExecuteTask!;

        Assert.DoesNotContain("could not be opened", portal.Log.Text, StringComparison.Ordinal);
    }
}
