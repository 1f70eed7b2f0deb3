namespace Xeno.Portal.Data.Statements;

/// <summary>
/// One SQL statement of the portal, the same text for both databases: quoted names, parameters <c>$1</c>, <c>$2</c>. Only for the reads and
/// writes of the measured requests of apps (decision 0011), and for what must change many rows in one transaction with its history: the end
/// of grants, apps and accounts (decision 0019). Everything else uses EF Core.
/// </summary>
public sealed class Statement(string sql)
{
    public string Sql { get; } = sql;

    /// <summary>
    /// The same statement with its row locks, for a database with several writers at a time. In <see cref="Sql"/> they are comments
    /// (<c>/*lock: FOR SHARE */</c>), for a database with one writer at a time.
    /// </summary>
    public string SqlWithLocks { get; } = sql.Replace("/*lock:", "", StringComparison.Ordinal).Replace("*/", "", StringComparison.Ordinal);

    /// <summary>How many parameters it takes: the highest number in its text (at most 20).</summary>
    internal int Parameters { get; } =
        Enumerable.Range(1, 20).TakeWhile(number => sql.Contains($"${number}", StringComparison.Ordinal)).Count();
}
