using OpenIddict.EntityFrameworkCore.Models;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Data.Apps;

namespace Xeno.Portal.Data.OAuth;

/// <summary>
/// An authorization code or an access token. The value itself is not stored: ReferenceId is its SHA-256 hash. An access token has no
/// expiration date and no payload. <see cref="TokenDefinition"/> says when it is granted and when it is usable.
/// </summary>
public sealed class IssuedToken : OpenIddictEntityFrameworkCoreToken<string, RegisteredApp, AuthorizationGrant>
{
    /// <summary>For the engine's store, which creates the entity before it fills the columns.</summary>
    public IssuedToken() => Id = Guid.CreateVersion7().ToString("N");

    /// <summary>The row id of the app it was issued to.</summary>
    public string ApplicationId { get; set; } = null!;

    /// <summary>The row id of the grant it comes from.</summary>
    public string AuthorizationId { get; set; } = null!;

    /// <summary>The account that allowed it; its id is the token's Subject.</summary>
    public Account? Account { get; set; }

    /// <summary>The generation that the app had when the code was issued (<see cref="RegisteredApp.TokenGeneration"/>).</summary>
    public int Generation { get; set; }

    /// <summary>The granted scopes of an access token: canonical names, space-separated. Null on a code.</summary>
    public string? Scopes { get; set; }

    /// <summary>When an API call with the access token was last served (UTC); written a few seconds later. Null: never.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }
}
