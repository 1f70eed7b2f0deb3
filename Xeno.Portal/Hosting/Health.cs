using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Xeno.Portal.Hosting;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: it should be sent requests: its database answers, and it is not about to
/// stop. Both are answered over plain HTTP and under any host name, because whoever asks is a proxy or a supervisor beside the portal.
/// </summary>
internal static class Health
{
    public const string Live = "/health/live";
    public const string Ready = "/health/ready";

    public static IApplicationBuilder UseHealth(this IApplicationBuilder app) => app
        .UseHealthChecks(Live, new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync })
        .UseHealthChecks(Ready, new HealthCheckOptions { ResponseWriter = WriteAsync });

    // What is wrong, in our own words; nothing of an exception, an address or a name.
    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        RouteNames.DoNotCount(context.Features); // Red is an answer here, not an error.
        return context.Response.WriteAsJsonAsync(new
        {
            status = report.Status is HealthStatus.Unhealthy ? "down" : "up",
            problems = report.Entries.Values.Select(entry => entry.Description).OfType<string>(),
        });
    }
}

/// <summary>
/// A stop in two steps (SIGTERM): first <c>/health/ready</c> turns red while everything is still answered, so that the proxy sends new requests
/// elsewhere; after <see cref="HostingOptions.DrainTime"/> the portal takes no more, finishes what it has, and ends.
/// </summary>
internal sealed class Drain(IOptions<HostingOptions> options) : IHealthCheck, IHostedLifecycleService
{
    private volatile bool _isStopping;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(_isStopping ? HealthCheckResult.Unhealthy("This node is about to stop.") : HealthCheckResult.Healthy());

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        await Task.Delay(options.Value.DrainTime, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
