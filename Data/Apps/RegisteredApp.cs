using OpenIddict.EntityFrameworkCore.Models;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Data.OAuth;

namespace Xeno.Portal.Data.Apps;

/// <summary>
/// A third-party app as its developer registered it: the client of RFC 6749 §2. The engine's columns hold the protocol part
/// (Client ID, hash of the Client Secret, redirect URIs); the columns here are what the portal adds.
/// </summary>
public sealed class RegisteredApp : OpenIddictEntityFrameworkCoreApplication<string, AuthorizationGrant, IssuedToken>
{
    /// <summary>For the engine's store, which creates the entity before it fills the columns.</summary>
    public RegisteredApp() => Id = Guid.NewGuid().ToString("N");

    /// <summary>The account that registered the app.</summary>
    public string OwnerId { get; set; } = null!;

    public Account? Owner { get; set; }

    public string? HomepageUrl { get; set; }

    public string? Description { get; set; }

    /// <summary>When the app was registered (UTC).</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>The Client Secret, encrypted by Data Protection, for the owner's button "Reveal". Never used to authenticate.</summary>
    public string? ProtectedSecret { get; set; }

    /// <summary>When the current Client Secret was created (UTC).</summary>
    public DateTimeOffset? SecretCreatedAt { get; set; }

    /// <summary>Hash of the secret before the last rotation. It also authenticates, until the developer removes it (null).</summary>
    public string? PreviousSecretHash { get; set; }

    /// <summary>When the previous secret was replaced (UTC).</summary>
    public DateTimeOffset? SecretRotatedAt { get; set; }

    /// <summary>When an operator suspended the app (UTC). None of its requests is served until it is resumed (null).</summary>
    public DateTimeOffset? SuspendedAt { get; set; }

    /// <summary>
    /// Counts how often all tokens of the app were ended at once. A token of an earlier generation is not granted
    /// (<see cref="TokenDefinition"/>).
    /// </summary>
    public int TokenGeneration { get; set; }

    /// <summary>
    /// When all tokens of the app were last ended at once (UTC), while some of their rows are not updated yet; null otherwise.
    /// </summary>
    public DateTimeOffset? EndingSince { get; set; }

    /// <summary>When the app was deleted (UTC): no query finds it any more. Its row is removed after the rows of its tokens.</summary>
    public DateTimeOffset? DeletedAt { get; set; }

    /// <summary>The app's logo, or null.</summary>
    public AppLogo? Logo { get; set; }

    /// <summary>
    /// True when only some columns were read (<see cref="ClientLookup"/>). Saving such an instance would write empty values over the
    /// others, so <see cref="EnsureReadInFull"/> refuses it. Not a column.
    /// </summary>
    public bool IsReadInPart { get; init; }

    /// <summary>Called before an app is created, updated or deleted.</summary>
    /// <exception cref="InvalidOperationException">This instance holds only some columns of its row.</exception>
    public void EnsureReadInFull()
    {
        if (IsReadInPart)
            throw new InvalidOperationException(
                $"App {ClientId} was read in part, for a protocol request, and cannot be saved. "
                + "Read it from PortalDbContext.Apps instead.");
    }
}
