using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace Xeno.Portal.Shell.Components;

/// <summary>
/// Catches what fails while a page is drawn, which no page can catch itself: the rest of the document goes on, and so does the circuit. A
/// button shows the page again; when the reader goes to another page, that one is shown at once.
/// </summary>
public sealed partial class PageErrorBoundary(NavigationManager navigation, ILogger<PageErrorBoundary> log) : IDisposable
{
    private string? _reference;

    public void Dispose() => navigation.LocationChanged -= RecoverElsewhere;

    protected override void OnInitialized() => navigation.LocationChanged += RecoverElsewhere;

    protected override Task OnErrorAsync(Exception exception)
    {
        _reference = FailureReference.New();
        LogFailed(log, _reference, exception);
        return Task.CompletedTask;
    }

    // By now the router has placed the next page inside this component.
    private void RecoverElsewhere(object? sender, LocationChangedEventArgs change) => Recover();

    [LoggerMessage(1804, LogLevel.Error, "A page could not be drawn. Reference {Reference}.")]
    private static partial void LogFailed(ILogger log, string reference, Exception exception);
}
