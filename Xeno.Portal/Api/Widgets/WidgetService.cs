using Xeno.Portal.Data;

namespace Xeno.Portal.Api.Widgets;

/// <summary>The account's chat widgets.</summary>
internal sealed class WidgetService(PortalDbContext database)
{
    public Task<ListPage<WidgetResponse>> ListAsync(string accountId, PageRequest page, CancellationToken cancellationToken)
        => page.ReadAsync(database.Widgets, accountId,
            widget => new WidgetResponse(widget.Id, widget.Name, widget.WebsiteUrl, widget.Greeting, widget.CreatedAt, widget.UpdatedAt),
            widget => widget.Id, cancellationToken);
}
