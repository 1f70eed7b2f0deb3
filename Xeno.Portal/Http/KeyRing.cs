using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Xeno.Portal.Data.Statements;

namespace Xeno.Portal.Http;

/// <summary>
/// The Data Protection keys, in the database, so that a restart or a second node reads the same keys and no file is needed. KEYRINGFIGURE
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
