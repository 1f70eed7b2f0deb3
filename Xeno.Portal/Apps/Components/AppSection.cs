using Microsoft.AspNetCore.Components;
using Xeno.Portal.Shell;
using Xeno.Portal.Shell.Components;

namespace Xeno.Portal.Apps.Components;

/// <summary>A section of an app's page that acts on the app, and says beside its buttons what came of it.</summary>
public abstract class AppSection : InteractivePage
{
    /// <summary>The app in the state last read.</summary>
    [Parameter, EditorRequired] public AppDetails App { get; set; } = null!;

    /// <summary>Asks the page to read the app again.</summary>
    [Parameter] public EventCallback OnChanged { get; set; }

    [Inject] private protected Fresh<AppRegistry> Apps { get; set; } = null!;

    /// <summary>Says what came of a change, and has the newest state read.</summary>
    private protected async Task AfterAsync(AppChange change, string done)
    {
        Message = change == AppChange.Conflict
            ? new(StatusKind.Warning,
                "The app was changed elsewhere at the same moment. This is its newest state: look again and repeat your change.")
            : new(StatusKind.Success, done);
        await OnChanged.InvokeAsync();
    }
}
