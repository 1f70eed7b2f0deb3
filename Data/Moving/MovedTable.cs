using System.Data.Common;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Xeno.Portal.Data.Moving;

/// <summary>One table on both sides.</summary>
internal sealed class MovedTable(string name, IReadOnlyList<MovedColumn> columns)
{
    public string Name => name;

    public IReadOnlyList<MovedColumn> Columns => columns;

    /// <summary>The quoted names of its columns, separated by commas; the same text for both databases.</summary>
    public string ColumnList { get; } = string.Join(", ", columns.Select(column => $"\"{column.Name}\""));

    /// <summary>Every table of the model, each after the tables that its foreign keys point to.</summary>
    public static IReadOnlyList<MovedTable> AllOf(IRelationalModel source, IRelationalModel target)
    {
        var ordered = new List<ITable>();
        var left = target.Tables.OrderBy(table => table.Name, StringComparer.Ordinal).ToList();
        while (left.Count > 0)
        {
            var next = left.Find(table => !table.ForeignKeyConstraints.Any(key => left.Contains(key.PrincipalTable)))
                ?? throw new NotSupportedException(
                    $"The foreign keys of {left[0].Name} go in a circle, so there is no order in which a move can add the rows.");
            ordered.Add(next);
            left.Remove(next);
        }

        return [.. ordered.Select(table => Between(source.FindTable(table.Name, null)!, table))];
    }

    private static MovedTable Between(ITable source, ITable target)
        => new(target.Name, [.. target.Columns.Select(column => MovedColumn.Between(source.FindColumn(column.Name)!, column))]);

    /// <summary>Reads the current row of the source into <paramref name="values"/>, starting at column <paramref name="first"/>.</summary>
    public void ReadSource(DbDataReader row, int first, Span<object?> values)
    {
        for (var i = 0; i < columns.Count; i++)
            values[i] = row.IsDBNull(first + i) ? null : columns[i].FromSource(row, first + i);
    }

    /// <summary>Reads the current row of the target into <paramref name="values"/>.</summary>
    public void ReadTarget(DbDataReader row, Span<object?> values)
    {
        for (var i = 0; i < columns.Count; i++)
            values[i] = row.IsDBNull(i) ? null : columns[i].FromTarget(row, i);
    }
}
