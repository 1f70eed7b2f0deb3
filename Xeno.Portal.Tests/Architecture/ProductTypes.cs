using System.Text.RegularExpressions;
using Xeno.Portal.Data;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Architecture;

/// <summary>The types of the portal as the documents name them, and the names in the documents' tables.</summary>
internal static partial class ProductTypes
{
    /// <summary>By name, with type parameters: <c>RequiredToken&lt;TContext&gt;</c>.</summary>
    public static IReadOnlyDictionary<string, Type> ByName { get; }
        = new[] { typeof(Program).Assembly, typeof(PortalDbContext).Assembly }
            .SelectMany(assembly => assembly.GetTypes()).Where(type => !type.IsNested && type.Namespace is not null)
            .GroupBy(NameOf, StringComparer.Ordinal).ToDictionary(types => types.Key, types => types.First(), StringComparer.Ordinal);

    /// <summary>The names of types in a text, each in backticks.</summary>
    public static IEnumerable<string> NamedIn(string text) => Names().Matches(text).Select(match => match.Groups[1].Value);

    /// <summary>The cells of each row of the tables of a document in docs, headings included.</summary>
    public static IEnumerable<string[]> RowsOf(string document)
        => File.ReadLines(Path.Combine(SourceTree.Top, "docs", document)).Where(line => line.StartsWith('|'))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1]);

    public static string NameOf(Type type)
        => type.IsGenericTypeDefinition
            ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(argument => argument.Name))}>"
            : type.Name;

    [GeneratedRegex(@"`([A-Z][\w<>]+)`")]
    private static partial Regex Names();
}
