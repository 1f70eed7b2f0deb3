using OpenIddict.EntityFrameworkCore.Models;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Data.Apps;

namespace Xeno.Portal.Data.OAuth;

/// <summary>
/// One Allow (or one pass by remembered consent): what an account allowed an app (RFC 6749 §1.3). It has one authorization code and at most
/// one access token, so what happens to one code never changes the token of another.
/// </summary>
public sealed class AuthorizationGrant : OpenIddictEntityFrameworkCoreAuthorization<string, RegisteredApp, IssuedToken>
{
    /// <summary>For the engine's store, which creates the entity before it fills the columns.</summary>
    public AuthorizationGrant() => Id = Guid.CreateVersion7().ToString("N");

    /// <summary>The row id of the app that was allowed.</summary>
    public string ApplicationId { get; set; } = null!;

    /// <summary>The account that allowed it; its id is the grant's Subject.</summary>
    public Account? Account { get; set; }
}
