using OpenIddict.Core;
using Xeno.Portal.Data;
using Xeno.Portal.Data.Apps;
using static OpenIddict.Abstractions.OpenIddictExceptions;

namespace Xeno.Portal.Apps;

/// <summary>Saves a change to an app, with the entry of the history that was added to the same context.</summary>
internal static class AppSaving
{
    /// <summary>Done, or a conflict: then nothing is saved, and the context is empty again.</summary>
    /// <param name="secret">A new Client Secret, which the engine stores as a hash; null: it stays.</param>
    public static async Task<AppChange> SaveAsync(
        this PortalDbContext database, OpenIddictApplicationManager<RegisteredApp> clients, RegisteredApp app, string? secret,
        CancellationToken cancellationToken)
    {
        try
        {
            if (secret is null)
                await clients.UpdateAsync(app, cancellationToken);
            else
                await clients.UpdateAsync(app, secret, cancellationToken);
            return AppChange.Done;
        }
        catch (ConcurrencyException)
        {
            database.ChangeTracker.Clear(); // The history entry of this failed change must not be saved with the next one.
            return AppChange.Conflict;
        }
    }
}
