using System.Data.Common;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Xeno.Portal.Data.Moving;

/// <summary>One table on both sides.</summary>
internal sealed class MovedTable(string name, IReadOnlyList<MovedColumn> columns)
{
    public string Name => name;

    public IReadOnlyList<MovedColumn> Columns => columns;

    /// <summary>The names of its columns, quoted as both databases take them.</summary>
    public string ColumnList { get; } = string.Join(", ", columns.Select(column => $"\"{column.Name}\""));

    /// <summary>
    /// Every table of the model, each after those its foreign keys point to.
    /// </summary>
    public static IReadOnlyList<MovedTable> AllOf(IRelationalModel source, IRelationalModel target)
    {
        var ordered = new List<ITable>();
        var left = target.Tables.OrderBy(table => table.Name, StringComparer.Ordinal).ToList();
        while (left.Count > 0)
        {
            var next = left.Find(table => !table.ForeignKeyConstraints.Any(key => left.Contains(key.PrincipalTable)))
                ?? throw new NotSupportedException($"The foreign keys of {left[0].Name} go in a circle, so a move has no order for its rows.");
            ordered.Add(next);
            left.Remove(next);
        }

        return [.. ordered.Select(table => new MovedTable(
            table.Name, [.. table.Columns.Select(column => MovedColumn.Between(source.FindTable(table.Name, null)!.FindColumn(column.Name)!, column))]))];
    }

    /// <summary>The current row of the source as the model's values, from column <paramref name="first"/> on.</summary>
    public void ReadSource(DbDataReader row, int first, Span<object?> values)
    {
        for (var i = 0; i < columns.Count; i++)
            values[i] = row.IsDBNull(first + i) ? null : columns[i].FromSource(row, first + i);
    }

    /// <summary>The current row of the target as the model's values.</summary>
    public void ReadTarget(DbDataReader row, Span<object?> values)
    {
        for (var i = 0; i < columns.Count; i++)
            values[i] = row.IsDBNull(i) ? null : columns[i].FromTarget(row, i);
    }
}
