namespace Xeno.Portal.Data.Accounts;

/// <summary>What other people see of an account.</summary>
public static class AccountNames
{
    /// <summary>
    /// The display name or, for an account without one, the e-mail address up to the @, so that no page or answer gives an address away.
    /// </summary>
    public static string Shown(string? displayName, string? email) => displayName ?? (email ?? "").Split('@')[0];
}
