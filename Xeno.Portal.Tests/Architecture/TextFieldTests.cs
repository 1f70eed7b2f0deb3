using System.Text.RegularExpressions;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Architecture;

/// <summary>What a field of an interactive page holds fits into one message to its circuit: <c>Shell/TypedText</c>.</summary>
[Trait("Category", "Fast")]
public sealed partial class TextFieldTests
{
    [Fact]
    public void Every_text_field_of_an_interactive_page_holds_no_more_than_fits_into_a_message()
    {
        var fields = Directory.EnumerateFiles(Path.Combine(SourceTree.Top, "Xeno.Portal"), "*.razor", SearchOption.AllDirectories)
            .SelectMany(file => TextField().Matches(File.ReadAllText(file)).Select(field => $"{Path.GetFileName(file)}: {field.Value}"))
            .ToList();

        Assert.True(fields.Count >= 5);
        Assert.DoesNotContain(fields, field => !field.Contains("MaxLength=\"TypedText.Longest\"", StringComparison.Ordinal));
    }

    // An attribute's value may contain ">".
    [GeneratedRegex("""<Mud(TextField|Autocomplete|NumericField|Input)\b(?:[^">]|"[^"]*")*>""")]
    private static partial Regex TextField();
}
