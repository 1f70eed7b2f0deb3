using Xeno.Portal.Data.Statements;

namespace Xeno.Portal.Data.Apps;

/// <summary>
/// Finds the app of a Client ID, as protocol requests need it. Reads the database each time, so a change takes effect at once.
/// </summary>
public sealed class ClientLookup(IStatements statements)
{
    private static readonly Statement s_find = new("""
        SELECT a."Id", a."ClientId", a."ClientSecret", a."PreviousSecretHash", a."ClientType", a."ConsentType", a."RedirectUris",
               a."DisplayName", a."HomepageUrl", a."Description", a."OwnerId", COALESCE(a."SuspendedAt", d."SuspendedAt"),
               a."ConcurrencyToken", a."TokenGeneration"
        FROM "Apps" a JOIN "Accounts" d ON d."Id" = a."OwnerId"
        WHERE a."ClientId" = $1 AND a."DeletedAt" IS NULL
        """);

    /// <summary>
    /// The app with the columns that protocol requests need; null when there is none. It counts as suspended while its owner is. It cannot
    /// be saved (<see cref="RegisteredApp.IsReadInPart"/>).
    /// </summary>
    public ValueTask<RegisteredApp?> FindAsync(string clientId) => statements.FindAsync(s_find, static row => new RegisteredApp
    {
        IsReadInPart = true,
        Id = row.GetString(0),
        ClientId = row.GetString(1),
        ClientSecret = row.Text(2),
        PreviousSecretHash = row.Text(3),
        ClientType = row.Text(4),
        ConsentType = row.Text(5),
        RedirectUris = row.Text(6),
        DisplayName = row.Text(7),
        HomepageUrl = row.Text(8),
        Description = row.Text(9),
        OwnerId = row.GetString(10),
        SuspendedAt = row.Instant(11),
        ConcurrencyToken = row.Text(12),
        TokenGeneration = row.GetInt32(13),
    }, clientId);
}
