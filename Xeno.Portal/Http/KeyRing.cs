using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Xeno.Portal.Data.Statements;

namespace Xeno.Portal.Http;

/// <summary>
/// The Data Protection keys, in the database, so that a restart or a second node reads the same keys and no file is needed. Read at every
/// start, so by a statement of ours: with the framework's <c>PersistKeysToDbContext</c> EF Core builds its whole model first, and the CPU
/// time until the first answer after a start was 1,472 ms instead of 1,034 (docs/performance.md).
/// </summary>
internal sealed class KeyRing(IStatements statements) : IXmlRepository
{
    private static readonly Statement s_all = new("""
        SELECT "Xml" FROM "DataProtectionKeys" ORDER BY "Id"
        """);

    private static readonly Statement s_add = new("""
        INSERT INTO "DataProtectionKeys" ("FriendlyName", "Xml") VALUES ($1, $2)
        """);

    // The framework asks for its keys synchronously.
    public IReadOnlyCollection<XElement> GetAllElements()
        => [.. statements.ListAsync(s_all, static row => row.GetString(0)).AsTask().GetAwaiter().GetResult().Select(XElement.Parse)];

    public void StoreElement(XElement element, string friendlyName)
    {
        var xml = element.ToString(SaveOptions.DisableFormatting);
        statements.CommitAsync(transaction => transaction.ExecuteAsync(s_add, friendlyName, xml)).GetAwaiter().GetResult();
    }
}
