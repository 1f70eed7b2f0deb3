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

    private static readonly Statement s_lock = new("""
        LOCK TABLE "DataProtectionKeys" IN SHARE ROW EXCLUSIVE MODE
        """);

    private static readonly Statement s_add = new("""
        INSERT INTO "DataProtectionKeys" ("FriendlyName", "Xml") VALUES ($1, $2)
        """);

    // The framework's name of a key. It also stores revocations, which are always added.
    private const string KeyElement = "key";

    // How many elements there were when they were last read. None is ever removed.
    private int _read;

    // The framework asks for its keys synchronously.
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        var rows = statements.ListAsync(s_all, static row => row.GetString(0)).AsTask().GetAwaiter().GetResult();
        Volatile.Write(ref _read, rows.Count);
        return [.. rows.Select(XElement.Parse)];
    }

    /// <summary>
    /// Adds a key, unless another node has added one since the keys were read: two nodes that start at the same time, or find at the same
    /// time that their key gets old, would each make one and refuse what the other has protected. The framework reads the keys again
    /// afterwards, and takes the other node's.
    /// </summary>
    public void StoreElement(XElement element, string friendlyName)
    {
        var xml = element.ToString(SaveOptions.DisableFormatting);
        var read = Volatile.Read(ref _read);
        statements.CommitAsync(async transaction =>
        {
            await transaction.LockAsync(s_lock);
            var rows = await transaction.ListAsync(s_all, static row => row.GetString(0));
            return element.Name == KeyElement && rows.Count > read ? 0 : await transaction.ExecuteAsync(s_add, friendlyName, xml);
        }).GetAwaiter().GetResult();
    }
}
