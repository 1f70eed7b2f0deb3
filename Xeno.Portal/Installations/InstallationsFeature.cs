namespace Xeno.Portal.Installations;

/// <summary>Wires the folder into the host.</summary>
public static class InstallationsFeature
{
    public static IHostApplicationBuilder AddInstallations(this IHostApplicationBuilder builder) => builder;

    public static IEndpointRouteBuilder MapInstallations(this IEndpointRouteBuilder routes) => routes;
}
