using Xeno.Portal.Data.Statements;

namespace Xeno.Portal.Data.Accounts;

/// <summary>What protocol requests need to know of an account.</summary>
public sealed class AccountLookup(IStatements statements)
{
    private static readonly Statement s_name = new("""
        SELECT "DisplayName", "Email" FROM "Accounts" WHERE "Id" = $1
        """);

    /// <summary>The account's name as other people see it (<see cref="AccountNames"/>); null when there is no such account.</summary>
    public ValueTask<string?> NameAsync(string accountId)
        => statements.FindAsync(s_name, static row => AccountNames.Shown(row.Text(0), row.Text(1)), accountId);
}
