namespace Xeno.Portal.Api;

/// <summary>On every endpoint of the API: it is served to valid tokens only.</summary>
/// <param name="Route">Its address as a template, the name of the endpoint in <c>RequestFacts</c>.</param>
internal sealed record ApiEndpoint(string Route)
{
    public static void MarkAll(IEndpointConventionBuilder group) => group.Finally(static endpoint
        => endpoint.Metadata.Add(new ApiEndpoint(((RouteEndpointBuilder)endpoint).RoutePattern.RawText!.TrimEnd('/'))));
}
