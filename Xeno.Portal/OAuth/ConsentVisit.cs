using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Xeno.Portal.Data.Apps;
using Xeno.Portal.Lifecycle;
using Xeno.Portal.Scopes;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Xeno.Portal.OAuth;

/// <summary>
/// Draws the consent page once before the first real request: of any app, as its owner sees it. Showing it allows nothing.
/// </summary>
internal sealed class ConsentVisit(ClientLookup clients) : IFirstVisits
{
    public async ValueTask<IReadOnlyList<FirstVisit>> ListAsync()
    {
        if (await clients.AnyAsync() is not { } app)
            return [];

        var owner = new ClaimsPrincipal(
            new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, app.OwnerId)], IdentityConstants.ApplicationScheme));
        return [new FirstVisit(QueryHelpers.AddQueryString(PortalUrls.Authorize, new Dictionary<string, string?>
        {
            [Parameters.ClientId] = app.ClientId,
            [Parameters.Scope] = ScopeCatalog.All[0].Name,
            [Parameters.Prompt] = PromptValues.Consent,
        }), owner)];
    }
}
