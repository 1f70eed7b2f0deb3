using Bunit;
using MudBlazor.Services;

namespace Xeno.Portal.Tests.Support;

/// <summary>Renders components of interactive pages without a browser: with MudBlazor's services, and without its scripts.</summary>
public abstract class MudContext : BunitContext
{
    protected MudContext()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
    }
}
