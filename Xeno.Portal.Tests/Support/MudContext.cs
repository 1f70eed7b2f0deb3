using Bunit;
using MudBlazor.Services;

namespace Xeno.Portal.Tests.Support;

/// <summary>Draws components of interactive pages without a browser: MudBlazor's services are there, and its scripts answer nothing.</summary>
public abstract class MudContext : BunitContext
{
    protected MudContext()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
    }
}
