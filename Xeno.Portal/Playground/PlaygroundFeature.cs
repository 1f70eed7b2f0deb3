namespace Xeno.Portal.Playground;

/// <summary>Wires the folder into the host.</summary>
public static class PlaygroundFeature
{
    public static IHostApplicationBuilder AddPlayground(this IHostApplicationBuilder builder) => builder;

    public static IEndpointRouteBuilder MapPlayground(this IEndpointRouteBuilder routes) => routes;
}
