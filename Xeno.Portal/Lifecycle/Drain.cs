using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Xeno.Portal.Lifecycle;

/// <summary>
/// A stop in two steps (SIGTERM): first <c>/health/ready</c> turns red while everything is still answered, so that the proxy sends new requests
/// elsewhere; after <see cref="DrainOptions.DrainTime"/> the portal takes no more, finishes what it has, and ends.
/// </summary>
internal sealed class Drain : IHealthCheck, IHostedLifecycleService
{
    private readonly IOptions<DrainOptions> _options;
    private volatile bool _isStopping;

    public Drain(IOptions<DrainOptions> options, IHostApplicationLifetime lifetime)
    {
        _options = options;

        // The framework closes the circuits of open pages at that moment, and their scripts come back at once.
        lifetime.ApplicationStopping.Register(() => _isStopping = true);
    }

    /// <summary>
    /// Ends each connection with its next answer from then on, or a proxy would find one closed that it had meant to use again. Takes no
    /// circuit any more: a page that connected again would hold the stop up until its time is over.
    /// </summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!_isStopping)
            return next(context);

        context.Response.Headers.Connection = "close";
        if (!context.Request.Path.StartsWithSegments(PortalUrls.Circuits))
            return next(context);

        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = "1";
        return Task.CompletedTask;
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(_isStopping ? HealthCheckResult.Unhealthy("This node is about to stop.") : HealthCheckResult.Healthy());

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        await Task.Delay(_options.Value.DrainTime, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
