using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Xeno.Portal.Limits;

/// <summary>
/// Counts one circuit as an open page, from the moment it first comes up until it is removed. It belongs to the circuit's scope, and is
/// disposed with it: a circuit that ends while it starts is not reported as closed.
/// </summary>
internal sealed class CountedCircuit(OpenPages pages) : CircuitHandler, IDisposable
{
    private OpenPage? _page;

    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        _page = pages.Attach(_page, CircuitLimit.Calling);
        return Task.CompletedTask;
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        if (_page is not null)
            pages.Close(_page);
    }
}
