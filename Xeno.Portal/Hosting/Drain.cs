using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Xeno.Portal.Hosting;

/// <summary>
/// A stop in two steps (SIGTERM): first <c>/health/ready</c> turns red while everything is still answered, so that the proxy sends new requests
/// elsewhere; after <see cref="HostingOptions.DrainTime"/> the portal takes no more, finishes what it has, and ends.
/// </summary>
internal sealed class Drain(IOptions<HostingOptions> options) : IHealthCheck, IHostedLifecycleService
{
    private volatile bool _isStopping;

    /// <summary>Ends each connection with its next answer from then on, or a proxy would find one closed that it had meant to use again.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (_isStopping)
            context.Response.Headers.Connection = "close";
        return next(context);
    }

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

internal static class Draining
{
    public static IApplicationBuilder UseDrain(this IApplicationBuilder app)
        => app.Use(app.ApplicationServices.GetRequiredService<Drain>().InvokeAsync);
}
