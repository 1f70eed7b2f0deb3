namespace Xeno.Portal.Api;

/// <summary>Wires the folder into the host.</summary>
public static class ApiFeature
{
    public static IHostApplicationBuilder AddApi(this IHostApplicationBuilder builder) => builder;

    public static IEndpointRouteBuilder MapApi(this IEndpointRouteBuilder routes) => routes;
}
