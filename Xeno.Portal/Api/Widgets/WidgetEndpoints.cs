using Xeno.Portal.Scopes;

namespace Xeno.Portal.Api.Widgets;

/// <summary>/api/v1/widgets, also /api/v1/brands, with the scope <c>widgets</c>.</summary>
internal static class WidgetEndpoints
{
    public static void MapWidgets(this RouteGroupBuilder api)
    {
        // The customer's older word for widgets.
        foreach (var path in (string[])["/widgets", "/brands"])
            api.MapGroup(path).RequireScope(ScopeCatalog.Widgets).MapGet("", ListAsync).WithPaging();
    }

    private static async Task<Answer<ListPage<WidgetResponse>>> ListAsync(
        Caller caller, PageRequest page, WidgetService service, CancellationToken cancellationToken)
        => Answer.Of(await service.ListAsync(caller.AccountId, page, cancellationToken));
}

/// <summary>A chat widget.</summary>
public sealed record WidgetResponse(
    Guid Id, string Name, string? WebsiteUrl, string? Greeting, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
