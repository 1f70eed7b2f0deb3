using System.Linq.Expressions;

namespace Xeno.Portal.Data.Apps;

/// <summary>
/// Who may do what to an app, decided only here: its owner may do everything. An app that is deleted, or that belongs to another account,
/// is treated as if it did not exist.
/// </summary>
public static class AppAccess
{
    /// <summary>The apps that the account may see.</summary>
    public static IQueryable<RegisteredApp> SeenBy(this IQueryable<RegisteredApp> apps, string accountId)
        => apps.Where(IsOwnedBy(accountId));

    /// <summary>The apps whose settings, secrets and redirect URIs the account may change.</summary>
    public static IQueryable<RegisteredApp> ManagedBy(this IQueryable<RegisteredApp> apps, string accountId)
        => apps.Where(IsOwnedBy(accountId));

    /// <summary>The apps that the account may delete, and whose tokens it may end.</summary>
    public static IQueryable<RegisteredApp> OwnedBy(this IQueryable<RegisteredApp> apps, string accountId)
        => apps.Where(IsOwnedBy(accountId));

    /// <summary>Whether the account may change the app; for an app that is loaded.</summary>
    public static bool IsManagedBy(this RegisteredApp app, string? accountId)
        => accountId is not null && app.DeletedAt is null && app.OwnerId == accountId;

    private static Expression<Func<RegisteredApp, bool>> IsOwnedBy(string accountId)
        => app => app.OwnerId == accountId && app.DeletedAt == null;
}
