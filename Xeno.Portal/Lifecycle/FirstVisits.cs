using System.Security.Claims;

namespace Xeno.Portal.Lifecycle;

/// <summary>A page drawn once at the start for nobody, so that the first visitor does not wait for its code to be loaded and compiled.</summary>
/// <param name="PathAndQuery">The page's address within this site. Getting it must change nothing.</param>
/// <param name="Visitor">Whom the page is drawn for; null when it needs no sign-in.</param>
public sealed record FirstVisit(string PathAndQuery, ClaimsPrincipal? Visitor = null);

/// <summary>The pages of a feature that are worth a <see cref="FirstVisit"/>.</summary>
public interface IFirstVisits
{
    /// <summary>Asked once, when the database is ready and before the portal listens.</summary>
    ValueTask<IReadOnlyList<FirstVisit>> ListAsync();
}
