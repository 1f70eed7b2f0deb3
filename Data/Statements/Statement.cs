namespace Xeno.Portal.Data.Statements;

/// <summary>
/// One SQL statement of ours, the same text for every database: quoted names, parameters <c>$1</c>, <c>$2</c>. For the few reads and writes
/// that every request of every app makes; everything else is EF Core's (decision 0011).
/// </summary>
public sealed class Statement(string sql)
{
    public string Sql { get; } = sql;

    /// <summary>
    /// The same with the locks that a database needs where writers work side by side; in <see cref="Sql"/> they stand as comments
    /// (<c>/*lock: FOR SHARE */</c>), for a database that has one writer at a time.
    /// </summary>
    public string SqlWithLocks { get; } = sql.Replace("/*lock:", "", StringComparison.Ordinal).Replace("*/", "", StringComparison.Ordinal);

    /// <summary>How many parameters it takes: the highest number in its text.</summary>
    internal int Parameters { get; } = Enumerable.Range(1, 20).TakeWhile(number => sql.Contains($"${number}", StringComparison.Ordinal)).Count();
}
