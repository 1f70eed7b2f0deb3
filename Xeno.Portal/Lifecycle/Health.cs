using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Lifecycle;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: the node should get requests, because its database answers and it is not
/// about to stop. Both answer over plain HTTP and under any host name, because a proxy or a supervisor on the private network asks.
/// </summary>
internal static class Health
{
    public const string Live = "/health/live";
    public const string Ready = "/health/ready";

    public static IApplicationBuilder UseHealth(this IApplicationBuilder app) => app
        .UseHealthChecks(Live, new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync })
        .UseHealthChecks(Ready, new HealthCheckOptions { ResponseWriter = WriteAsync });

    // The problems in our own words, without exceptions, addresses or names.
    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        RouteNames.DoNotCount(context.Features); // A 503 is an answer here, not an error.
        return context.Response.WriteAsJsonAsync(new
        {
            status = report.Status is HealthStatus.Unhealthy ? "down" : "up",
            problems = report.Entries.Values.Select(entry => entry.Description).OfType<string>(),
        });
    }
}
