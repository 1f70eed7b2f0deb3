using System.Data.Common;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Xeno.Portal.Data.Moving;

/// <summary>One column on both sides. In between its value is the model's, so that each side reads and writes it as EF Core does there.</summary>
internal abstract class MovedColumn(IColumn target)
{
    public string Name { get; } = target.Name;

    /// <summary>PostgreSQL's name of its type, without a length.</summary>
    public string TargetType { get; } = target.StoreTypeMapping.StoreTypeNameBase;

    public abstract object FromSource(DbDataReader row, int ordinal);

    public abstract object FromTarget(DbDataReader row, int ordinal);

    /// <summary>The value as the target's driver takes it.</summary>
    public abstract object ToTarget(object value);

    /// <summary>A column of the table <paramref name="source"/> that the model maps, and the same one of <paramref name="target"/>.</summary>
    public static MovedColumn Between(IColumn source, IColumn target)
        => source.PropertyMappings is [var from, ..] && target.PropertyMappings is [var to, ..]
            ? new ScalarColumn(target, from.TypeMapping, to.TypeMapping, from.Property)
            : new JsonColumn(target, DocumentOf(source), DocumentOf(target));

    private static IEntityType DocumentOf(IColumn column)
        => column.Table.Model.Model.GetEntityTypes().Single(type => type.IsMappedToJson() && type.GetContainerColumnName() == column.Name && type.GetTableName() == column.Table.Name);

    protected static void ShouldBeTaken(IReadOnlyProperty property)
    {
        if (!TableChecksum.Takes(Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType))
            throw new NotSupportedException($"A move cannot verify {property.DeclaringType.DisplayName()}.{property.Name}: {property.ClrType} has no canonical text.");
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
        ShouldBeTaken(property);
        (_fromSource, _fromTarget) = (Reading(from), Reading(to));
        _toTarget = to.Converter?.ConvertToProvider ?? (static value => value);
    }

    public override object FromSource(DbDataReader row, int ordinal) => InUtc(_fromSource(row, ordinal));

    public override object FromTarget(DbDataReader row, int ordinal) => InUtc(_fromTarget(row, ordinal));

    public override object ToTarget(object value) => AsFineAsKept(_toTarget(value)!);

    /// <summary>How EF Core reads it: the reader's method for the type, then the mapping's converter.</summary>
    private static Func<DbDataReader, int, object> Reading(RelationalTypeMapping mapping)
    {
        var (row, ordinal) = (Expression.Parameter(typeof(DbDataReader)), Expression.Parameter(typeof(int)));
        var method = mapping.GetDataReaderMethod();
        var reader = method.DeclaringType!.IsAssignableFrom(typeof(DbDataReader)) ? row : (Expression)Expression.Convert(row, method.DeclaringType);
        var value = mapping.CustomizeDataReaderExpression(Expression.Call(reader, method, ordinal));
        var read = Expression.Lambda<Func<DbDataReader, int, object>>(Expression.Convert(value, typeof(object)), row, ordinal).Compile();
        return mapping.Converter is { } converter ? (r, o) => converter.ConvertFromProvider(read(r, o))! : read;
    }

    // The engine's instants come back from SQLite without a kind.
    private static object InUtc(object value) => value is DateTime instant ? DateTime.SpecifyKind(instant, DateTimeKind.Utc) : value;

    // Down to the microsecond, as the checksum counts; the driver would take one before the year 2000 up. The two ends of time are its infinities.
    private static object AsFineAsKept(object value) => value switch
    {
        DateTimeOffset instant when instant != DateTimeOffset.MaxValue && instant != DateTimeOffset.MinValue => new DateTimeOffset(Whole(instant.UtcTicks), TimeSpan.Zero),
        DateTime instant when instant != DateTime.MaxValue && instant != DateTime.MinValue => new DateTime(Whole(instant.Ticks), DateTimeKind.Utc),
        _ => value,
    };

    private static long Whole(long ticks) => ticks - (ticks % TimeSpan.TicksPerMicrosecond);
}
