namespace Xeno.Portal.Docs;

/// <summary>Wires the folder into the host.</summary>
public static class DocsFeature
{
    public static IHostApplicationBuilder AddDocs(this IHostApplicationBuilder builder) => builder;

    public static IEndpointRouteBuilder MapDocs(this IEndpointRouteBuilder routes) => routes;
}
