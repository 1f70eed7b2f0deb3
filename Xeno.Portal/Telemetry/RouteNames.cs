using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace Xeno.Portal.Telemetry;

/// <summary>The name of a request in metrics and traces, where the router has none.</summary>
public static class RouteNames
{
    private const string Label = "http.route";

    /// <summary>
    /// Names the request by <paramref name="route"/>, one of a few fixed texts, unless an endpoint of the router names it. Does nothing
    /// while metrics and traces are off.
    /// </summary>
    public static void NameRoute(this HttpContext context, string route)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IRouteDiagnosticsMetadata>() is not null)
            return;

        context.Features.Get<IHttpMetricsTagsFeature>()?.Tags.Add(KeyValuePair.Create(Label, (object?)route));
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is { } span)
        {
            span.SetTag(Label, route);
            span.DisplayName = $"{context.Request.Method} {route}";
        }
    }

    /// <summary>Leaves a request out of the metrics.</summary>
    internal static void DoNotCount(IFeatureCollection request)
    {
        if (request.Get<IHttpMetricsTagsFeature>() is { } metrics)
            metrics.MetricsDisabled = true;
    }
}
