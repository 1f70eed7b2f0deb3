using Xeno.Portal.Text;

namespace Xeno.Portal.Tests.Text;

[Trait("Category", "Fast")]
public sealed class UnseenCharactersTests
{
    [Theory]
    [InlineData("☕\uFE0F Coffee desk")]
    [InlineData("☕\uFE0E")]
    [InlineData("©\uFE0F")]
    [InlineData("1\uFE0F\u20E3 First")]
    [InlineData("👩\u200D💻 Tools")]
    [InlineData("👩🏽\u200D💻")]
    [InlineData("🏳\uFE0F\u200D🌈")]
    [InlineData("❤\uFE0F\u200D🔥")]
    [InlineData("👨\u200D👩\u200D👧")]
    [InlineData("می\u200Cخواهم")] // Persian
    [InlineData("کتاب\u200Cها")]
    [InlineData("ශ්\u200Dරී ලංකා")] // Sinhala
    [InlineData("र्\u200Dय")] // Marathi
    [InlineData("র\u200D্য")] // Bengali
    [InlineData("അവന്\u200D")] // Malayalam, at the end of a word
    [InlineData("क्\u200Cष")]
    [InlineData("🇨🇭 Bern")]
    [InlineData("\U0001FAEA")] // An emoji newer than .NET
    public void Joiners_and_variation_selectors_are_taken_where_writing_needs_them(string text)
        => Assert.False(UnseenCharacters.AreIn(text));

    [Theory]
    [InlineData("A\u200Dpp")]
    [InlineData("A\u200Cpp")]
    [InlineData("Auf\u200Clage")]
    [InlineData("Заметки\u200D")]
    [InlineData("\u200Dمی")]
    [InlineData("می\u200C")]
    [InlineData("می\u200C\u200Cخ")]
    [InlineData("می\u200C خ")]
    [InlineData("می\u200Ca")]
    [InlineData("👩\u200D")]
    [InlineData("👩\u200DA")]
    [InlineData("A\u200D👩")]
    [InlineData("👩\u200C💻")]
    [InlineData("\u200D👩")]
    [InlineData("App\uFE0F")]
    [InlineData("1\uFE0F")]
    [InlineData("☕\uFE0F\uFE0F")]
    [InlineData("☕\uFE00")]
    [InlineData("葛\U000E0100")]
    [InlineData("\uFE0F")]
    [InlineData("App\u200B")]
    [InlineData("App\u202Egnp")]
    [InlineData("App\u2066x\u2069")]
    [InlineData("App\u2068x")]
    [InlineData("App\u00AD")]
    [InlineData("App\u3164")]
    [InlineData("App\u034F")]
    [InlineData("App\uE000")]
    [InlineData("App\u0378")] // Not assigned
    [InlineData("App\uD800")]
    [InlineData("🏴\U000E0067\U000E0062\U000E007F")]
    [InlineData("A\0p")]
    public void Elsewhere_they_are_found_as_every_unseen_character(string text)
    {
        Assert.True(UnseenCharacters.AreIn(text));
        Assert.True(UnseenCharacters.AreIn(text, isProse: true));
    }

    [Theory]
    [InlineData("Two\nlines,\r\nand a\ttab")]
    [InlineData("No\u00A0break")]
    [InlineData("メモ\u3000帳")]
    [InlineData("a\u2028b")]
    public void Breaks_and_wide_spaces_belong_in_prose_only(string text)
    {
        Assert.True(UnseenCharacters.AreIn(text));
        Assert.False(UnseenCharacters.AreIn(text, isProse: true));
    }
}
