namespace Xeno.Portal.Apps;

/// <summary>Wires the folder into the host.</summary>
public static class AppsFeature
{
    public static IHostApplicationBuilder AddApps(this IHostApplicationBuilder builder) => builder;

    public static IEndpointRouteBuilder MapApps(this IEndpointRouteBuilder routes) => routes;
}
