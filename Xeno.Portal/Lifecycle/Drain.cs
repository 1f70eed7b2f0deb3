using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Xeno.Portal.Lifecycle;

/// <summary>
/// A stop in two steps (SIGTERM). First <c>/health/ready</c> answers 503 while everything else is still served, so that the proxy sends new
/// requests elsewhere. After <see cref="DrainOptions.DrainTime"/> the portal takes no new request, finishes those it has, and ends.
/// </summary>
internal sealed class Drain : IHealthCheck, IHostedLifecycleService
{
    private readonly IOptions<DrainOptions> _options;
    private volatile bool _isStopping;

    public Drain(IOptions<DrainOptions> options, IHostApplicationLifetime lifetime)
    {
        _options = options;

        // The framework closes the circuits of open pages at that moment, and their scripts try to connect again at once.
        lifetime.ApplicationStopping.Register(() => _isStopping = true);
    }

    /// <summary>
    /// While the portal stops: ends each connection with its next answer, so that a proxy does not send a request on a connection that
    /// closes. Refuses new circuits, because a page that connects again would delay the stop.
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
