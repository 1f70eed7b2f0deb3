using OpenIddict.EntityFrameworkCore.Models;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Data.Apps;

namespace Xeno.Portal.Data.OAuth;

/// <summary>
/// One Allow (or one remembered pass): what an account allowed an app (RFC 6749 §1.3). It has one authorization code and at most
/// one access token, so nothing that happens to one code can touch another's token.
/// </summary>
public sealed class AuthorizationGrant : OpenIddictEntityFrameworkCoreAuthorization<string, RegisteredApp, IssuedToken>
{
    /// <summary>For the engine's store, which makes the entity before its columns are filled.</summary>
    public AuthorizationGrant() => Id = Guid.CreateVersion7().ToString("N");

    /// <summary>The row id of the app that was allowed.</summary>
    public string ApplicationId { get; set; } = null!;

    /// <summary>The account that allowed it; its id is the grant's Subject.</summary>
    public Account? Account { get; set; }
}
