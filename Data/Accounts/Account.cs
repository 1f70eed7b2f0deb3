using Microsoft.AspNetCore.Identity;

namespace Xeno.Portal.Data.Accounts;

/// <summary>
/// A person who signs in: the resource owner of RFC 6749 §1.1, and as a developer the owner of registered apps.
/// Deleting an account also deletes its apps, grants, tokens and resources (foreign keys with cascade).
/// </summary>
public sealed class Account : IdentityUser
{
    /// <summary>When the account was created (UTC).</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>The name the API and the consent page show; null means "use the part of the e-mail before the @".</summary>
    public string? DisplayName { get; set; }

    /// <summary>When an operator suspended the account (UTC). None of its tokens is usable until it is resumed (null).</summary>
    public DateTimeOffset? SuspendedAt { get; set; }
}
