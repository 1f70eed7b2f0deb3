using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xeno.Portal.Lifecycle;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Lifecycle;

/// <summary><c>/health/live</c> and <c>/health/ready</c>, and the answers without the database.</summary>
[Trait("Category", "Fast")]
public sealed class HealthTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task A_running_portal_is_live_and_ready_for_requests_by_IP_address(string address)
    {
        using var asked = new HttpRequestMessage(HttpMethod.Get, address);
        asked.Headers.Host = "10.0.0.7:8080"; // A supervisor asks by IP address and over plain HTTP.

        var answer = await portal.Browser().SendAsync(asked);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("""{"status":"up","problems":[]}""", await answer.Content.ReadAsStringAsync());
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task During_the_drain_it_is_not_ready_and_still_answers()
    {
        await using var stopping = new PortalFactory { Settings = { ["Hosting:DrainTime"] = "00:05:00" } };
        var http = stopping.Browser();
        using var impatience = new CancellationTokenSource();
        var drain = stopping.Services.GetServices<IHostedService>().OfType<IHostedLifecycleService>()
            .Single(service => service.GetType().Name == "Drain");

        var stop = drain.StoppingAsync(impatience.Token);
        var ready = await http.GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("about to stop", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/account/login")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.PostAsync("/_blazor/negotiate?negotiateVersion=1", null)).StatusCode);
        Assert.True((await http.GetAsync("/docs")).Headers.ConnectionClose);
        Assert.False(stop.IsCompleted);
        await impatience.CancelAsync();
        await stop;

        // Otherwise the host would wait for the whole drain when the test disposes it.
        stopping.Services.GetRequiredService<IOptions<DrainOptions>>().Value.DrainTime = TimeSpan.Zero;
    }
}
