using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Lifecycle;

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
