using Microsoft.AspNetCore.Components;
using Xeno.Portal.Shell;
using Xeno.Portal.Shell.Components;

namespace Xeno.Portal.Apps.Components;

/// <summary>A section of an app's page that changes the app, and shows the result beside its buttons.</summary>
public abstract class AppSection : InteractivePage
{
    /// <summary>The app in the state last read.</summary>
    [Parameter, EditorRequired] public AppDetails App { get; set; } = null!;

    /// <summary>Asks the page to read the app again.</summary>
    [Parameter] public EventCallback OnChanged { get; set; }

    [Inject] private protected Fresh<AppRegistry> Apps { get; set; } = null!;

    /// <summary>Shows the result of a change, and asks the page to read the app again.</summary>
    private protected async Task AfterAsync(AppChange change, string done)
    {
        Message = change switch
        {
            AppChange.Done => new(StatusKind.Success, done),
            AppChange.NotFound => new(StatusKind.Warning, "This app was deleted in the meantime."),
            _ => new(StatusKind.Warning,
                "The app was changed elsewhere at the same moment. This is its newest state: look again and repeat your change."),
        };
        await OnChanged.InvokeAsync();
    }
}
