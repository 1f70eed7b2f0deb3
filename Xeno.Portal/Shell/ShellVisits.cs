using Xeno.Portal.Lifecycle;

namespace Xeno.Portal.Shell;

/// <summary>The files that every page loads, and the document of an interactive page; requested once at the start.</summary>
internal sealed class ShellVisits(PortalAssets files) : IFirstVisits
{
    public ValueTask<IReadOnlyList<FirstVisit>> ListAsync()
        => new([
            new FirstVisit(files.Theme.Url), new FirstVisit($"/{files["portal.css"]}"),
            new FirstVisit(PortalUrls.Playground), new FirstVisit("/_blazor/initializers"),
        ]);
}
