using Bunit;
using Xeno.Portal.Shell.Components;
using Xeno.Portal.Text;

namespace Xeno.Portal.Tests.Shell;

/// <summary>Names in sentences that are strings.</summary>
[Trait("Category", "Fast")]
public sealed class SentenceTests : BunitContext
{
    [Fact]
    public void Marked_names_are_isolated_and_the_text_stays_as_it_is_read()
    {
        var sentence = Render<Sentence>(p => p.Add(s => s.Text, $"Token 1 of {"קפה & <b>!".Isolated()} stops, {"A".Isolated()} too."));

        Assert.Equal("Token 1 of <bdi>קפה &amp; &lt;b&gt;!</bdi> stops, <bdi>A</bdi> too.", sentence.Markup);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("The changes were saved.", "The changes were saved.")]
    [InlineData("\u2068Name", "Name")]
    [InlineData("Name\u2069 and on", "<bdi>Name</bdi> and on")]
    public void Any_other_text_is_drawn_as_it_is(string? text, string markup)
        => Assert.Equal(markup, Render<Sentence>(p => p.Add(s => s.Text, text)).Markup);
}
