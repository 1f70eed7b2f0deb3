using System.Data.Common;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Xeno.Portal.Data.Moving;

/// <summary>One column on both sides. Between the sides a value has the model's type, as EF Core reads it from either database.</summary>
internal abstract class MovedColumn(IColumn target)
{
    public string Name { get; } = target.Name;

    /// <summary>PostgreSQL's name of the column's type, without a length.</summary>
    public string TargetType { get; } = target.StoreTypeMapping.StoreTypeNameBase;

    public abstract object FromSource(DbDataReader row, int ordinal);

    public abstract object FromTarget(DbDataReader row, int ordinal);

    /// <summary>The value in the form that PostgreSQL's driver takes.</summary>
    public abstract object ToTarget(object value);

    /// <summary>The pair of the SQLite column <paramref name="source"/> and the PostgreSQL column <paramref name="target"/>.</summary>
    public static MovedColumn Between(IColumn source, IColumn target)
        => source.PropertyMappings is [var from, ..] && target.PropertyMappings is [var to, ..]
            ? new ScalarColumn(target, from.TypeMapping, to.TypeMapping, from.Property)
            : new JsonColumn(target, DocumentOf(source), DocumentOf(target));

    private static IEntityType DocumentOf(IColumn column)
        => column.Table.Model.Model.GetEntityTypes().Single(type
            => type.IsMappedToJson() && type.GetContainerColumnName() == column.Name && type.GetTableName() == column.Table.Name);

    protected static void ThrowUnlessSupported(IReadOnlyProperty property)
    {
        if (!TableChecksum.Supports(Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType))
            throw new NotSupportedException(
                $"A move cannot verify {property.DeclaringType.DisplayName()}.{property.Name}: {property.ClrType} has no canonical text.");
    }
}

/// <summary>A column that holds one property.</summary>
internal sealed class ScalarColumn : MovedColumn
{
    private readonly Func<DbDataReader, int, object> _fromSource;
    private readonly Func<DbDataReader, int, object> _fromTarget;
    private readonly Func<object?, object?> _toTarget;

    public ScalarColumn(IColumn target, RelationalTypeMapping from, RelationalTypeMapping to, IReadOnlyProperty property) : base(target)
    {
        ThrowUnlessSupported(property);
        (_fromSource, _fromTarget) = (Reading(from), Reading(to));
        _toTarget = to.Converter?.ConvertToProvider ?? (static value => value);
    }

    public override object FromSource(DbDataReader row, int ordinal) => InUtc(_fromSource(row, ordinal));

    public override object FromTarget(DbDataReader row, int ordinal) => InUtc(_fromTarget(row, ordinal));

    public override object ToTarget(object value) => InMicroseconds(_toTarget(value)!);

    /// <summary>Reads a value as EF Core does: the reader's method for the type, then the mapping's converter.</summary>
    private static Func<DbDataReader, int, object> Reading(RelationalTypeMapping mapping)
    {
        var (row, ordinal) = (Expression.Parameter(typeof(DbDataReader)), Expression.Parameter(typeof(int)));
        var method = mapping.GetDataReaderMethod();
        var isBase = method.DeclaringType!.IsAssignableFrom(typeof(DbDataReader));
        var reader = isBase ? row : (Expression)Expression.Convert(row, method.DeclaringType);
        var value = mapping.CustomizeDataReaderExpression(Expression.Call(reader, method, ordinal));
        var read = Expression.Lambda<Func<DbDataReader, int, object>>(Expression.Convert(value, typeof(object)), row, ordinal).Compile();
        return mapping.Converter is { } converter ? (r, o) => converter.ConvertFromProvider(read(r, o))! : read;
    }

    // SQLite returns the engine's instants with an unspecified DateTimeKind.
    private static object InUtc(object value) => value is DateTime instant ? DateTime.SpecifyKind(instant, DateTimeKind.Utc) : value;

    // Rounded down to the microsecond, as the checksum does; the driver would round an instant before the year 2000 up. The driver writes
    // MinValue and MaxValue as PostgreSQL's infinities, so these two stay as they are.
    private static object InMicroseconds(object value) => value switch
    {
        DateTimeOffset instant when instant == DateTimeOffset.MaxValue || instant == DateTimeOffset.MinValue => value,
        DateTime instant when instant == DateTime.MaxValue || instant == DateTime.MinValue => value,
        DateTimeOffset instant => new DateTimeOffset(Whole(instant.UtcTicks), TimeSpan.Zero),
        DateTime instant => new DateTime(Whole(instant.Ticks), DateTimeKind.Utc),
        _ => value,
    };

    private static long Whole(long ticks) => ticks - (ticks % TimeSpan.TicksPerMicrosecond);
}
