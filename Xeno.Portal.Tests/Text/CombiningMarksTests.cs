using Xeno.Portal.Text;

namespace Xeno.Portal.Tests.Text;

[Trait("Category", "Fast")]
public sealed class CombiningMarksTests
{
    [Theory]
    [InlineData("Cafe\u0301")]
    [InlineData("Vie\u0323\u0302t Nam")]
    [InlineData("\u03B1\u0314\u0301\u0345")] // Greek with breathing, accent and iota
    [InlineData("လျှို့ဝှက်")] // Burmese: four marks on one letter
    [InlineData("בְּרֵאשִׁ֖ית")]
    [InlineData("مُحَمَّد")]
    [InlineData("ที่นี่")]
    [InlineData("ශ්\u200Dරී")]
    [InlineData("র\u200D্য")]
    [InlineData("か\u3099")]
    [InlineData("हिन्दी")]
    [InlineData("1\uFE0F\u20E3 and #\uFE0F\u20E3")]
    [InlineData("☕\uFE0F Coffee")]
    public void Marks_that_a_script_needs_are_taken(string text) => Assert.False(CombiningMarks.AreMisplacedIn(text));

    [Theory]
    [InlineData("\u0301App")]
    [InlineData("App \u0301")]
    [InlineData("App-\u0301")]
    [InlineData("☕\u0301")]
    [InlineData("☕\uFE0F\u0301")]
    [InlineData("Z\u0351\u036B\u0343\u030D")] // one more than any letter carries
    [InlineData("Za\u0351\u036B\u0343\u030D\u0357\u036Clgo")]
    [InlineData("a\u0301\u0301")]
    [InlineData("a\u20DD\u20DD")]
    [InlineData("ה\u05B0\u05BC\u05B5\u0596\u05C1")]
    [InlineData("a\u064E")] // an Arabic mark on a Latin letter
    [InlineData("1\u0301\u0302\u0303\u0304")]
    public void Marks_without_a_letter_and_piles_of_marks_are_found(string text) => Assert.True(CombiningMarks.AreMisplacedIn(text));
}
