using Xeno.Portal.Data.Statements;

namespace Xeno.Portal.Data.Accounts;

/// <summary>What protocol requests need to know of an account.</summary>
public sealed class AccountLookup(IStatements statements)
{
    private static readonly Statement s_name = new("""
        SELECT coalesce("DisplayName", "Email", '') FROM "Accounts" WHERE "Id" = $1
        """);

    /// <summary>The display name, or the e-mail address of an account without one; null when there is no such account.</summary>
    public ValueTask<string?> NameAsync(string accountId) => statements.FindAsync(s_name, static row => row.GetString(0), accountId);
}
