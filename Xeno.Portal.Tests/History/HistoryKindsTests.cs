using System.Reflection;
using System.Text.RegularExpressions;
using Xeno.Portal.Data.History;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.History;

/// <summary>The list of kinds: each once, in words with dots between them, and the same as in the docs.</summary>
[Trait("Category", "Fast")]
public sealed partial class HistoryKindsTests
{
    [Fact]
    public void Every_kind_is_in_the_list_once()
    {
        var declared = typeof(HistoryKinds).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(property => property.PropertyType == typeof(HistoryKind)).Select(property => (HistoryKind)property.GetValue(null)!);

        Assert.Equal(
            declared.Select(kind => kind.Name).Order(StringComparer.Ordinal),
            HistoryKinds.All.Select(kind => kind.Name).Order(StringComparer.Ordinal));
        Assert.Equal(HistoryKinds.All.Count, HistoryKinds.All.Select(kind => kind.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(HistoryKinds.All, kind => Assert.Matches("^[a-z]+\\.[a-z]+$", kind.Name));
        Assert.All(HistoryKinds.All, kind => Assert.Same(kind, HistoryKinds.Find(kind.Name)));
        Assert.Null(HistoryKinds.Find("no.such"));
    }

    [Fact]
    public void The_docs_have_the_same_list_with_the_same_sentences()
    {
        var docs = File.ReadAllText(Path.Combine(SourceTree.Top, "docs", "history.md"));
        var rows = DocumentedKind().Matches(docs).Select(row => (row.Groups[1].Value, row.Groups[2].Value));

        Assert.Equal(HistoryKinds.All.Select(kind => (kind.Name, kind.Sentence)), rows);
    }

    [GeneratedRegex(@"^\| `([a-z]+\.[a-z]+)` \| (.+?) \|", RegexOptions.Multiline)]
    private static partial Regex DocumentedKind();
}
