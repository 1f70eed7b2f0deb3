using System.Buffers;
using System.Data.Common;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.Json;

namespace Xeno.Portal.Data.Moving;

/// <summary>
/// A column that holds an owned entity as a JSON document. The two databases write the same property in different ways (bytes as
/// hexadecimal digits or in Base64, an instant as ticks or as text), so a document is moved property by property.
/// </summary>
internal sealed class JsonColumn : MovedColumn
{
    private readonly IReadOnlyList<(string Name, JsonValueReaderWriter Json)> _source;
    private readonly IReadOnlyList<(string Name, JsonValueReaderWriter Json)> _target;

    public JsonColumn(IColumn target, IEntityType from, IEntityType to) : base(target)
    {
        if (from.GetNavigations().Any(navigation => !navigation.IsOnDependent))
            throw new NotSupportedException($"{from.DisplayName()} has a document within its document, which a move does not support.");
        (_source, _target) = (PropertiesOf(from), PropertiesOf(to));
    }

    public override object FromSource(DbDataReader row, int ordinal) => Read(row.GetString(ordinal), _source);

    public override object FromTarget(DbDataReader row, int ordinal) => Read(row.GetString(ordinal), _target);

    public override object ToTarget(object value)
    {
        var text = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(text);
        writer.WriteStartObject();
        foreach (var (property, content) in _target.Zip((object?[])value))
        {
            writer.WritePropertyName(property.Name);
            if (content is null)
                writer.WriteNullValue();
            else
                property.Json.ToJson(writer, content);
        }

        writer.WriteEndObject();
        writer.Flush();
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static object?[] Read(string document, IReadOnlyList<(string Name, JsonValueReaderWriter Json)> properties)
    {
        using var json = JsonDocument.Parse(document);
        return [.. properties.Select(property => Read(json.RootElement, property.Name, property.Json))];
    }

    private static object? Read(JsonElement document, string name, JsonValueReaderWriter json)
        => document.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null
            ? json.FromJsonString(value.GetRawText())
            : null;

    private static List<(string, JsonValueReaderWriter)> PropertiesOf(IEntityType document)
    {
        var found = new List<(string, JsonValueReaderWriter)>();
        foreach (var property in document.GetProperties().OrderBy(property => property.Name, StringComparer.Ordinal))
        {
            if (property.GetJsonPropertyName() is not { } name)
                continue;
            ThrowUnlessSupported(property);
            found.Add((name, property.GetJsonValueReaderWriter() ?? property.GetTypeMapping().JsonValueReaderWriter!));
        }

        return found;
    }
}
