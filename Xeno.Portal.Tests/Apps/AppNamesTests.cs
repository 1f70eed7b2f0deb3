using Xeno.Portal.Apps;

namespace Xeno.Portal.Tests.Apps;

[Trait("Category", "Fast")]
public sealed class AppNamesTests
{
    [Theory]
    [InlineData("Harbour Coffee 2")]
    [InlineData("Crème & Brûlée – café №1!")]
    [InlineData("Заметки 24/7")]
    [InlineData("メモ帳 Notes 覚書")]
    [InlineData("메모 memo")]
    [InlineData("Ειδήσεις")]
    [InlineData("🚀 Launch")]
    [InlineData("ملاحظات")]
    [InlineData("佐々木 Coffee")]
    [InlineData("Hawaiʻi Tours")]
    [InlineData("☕\uFE0F Coffee desk")]
    [InlineData("👩\u200D💻 Tools")]
    [InlineData("کتاب\u200Cها")]
    [InlineData("ශ්\u200Dරී ලංකා")]
    [InlineData("Cafe\u0301 Vie\u0323\u0302t")]
    public void Names_in_every_script_are_accepted(string name)
    {
        Assert.Equal(name, AppNames.Read($" {name} ", out var problem));
        Assert.Null(problem);
    }

    // Unicode has the letters of one script in several places: the first and the last letter of each place.
    [Theory]
    [InlineData("Aɏ \u0250ʯ \u1E00ỿ \uA722ꟼ \uFF21ｚ", "Latin")]
    [InlineData("\u0370Ͽ \u1F00ῼ", "Greek")]
    [InlineData("\u0400ԯ \u1C80\u1C88 \uA640ꚝ", "Cyrillic")]
    [InlineData("\u0620ۿ \u0750ݿ", "Arabic")]
    [InlineData("\u10A0ჿ \u1C90Ჿ", "Georgian")]
    [InlineData("\u13A0\u13FD \uAB70\uABBF", "Cherokee")]
    [InlineData("\u1100ᇿ \u3131ㆎ \uAC00\uD7A3", "Hangul")]
    [InlineData("\u3041ゟ \u30A1ヿ \u31F0ㇿ \uFF66ﾝ", "Kana")]
    [InlineData("\u3105ㄯ \u31A0ㆿ", "Bopomofo")]
    [InlineData("\u3005〆 \u3400䶿 \u4E00\u9FFF \uF900\uFAD9 \U00020000\U0003134A", "Han")]
    public void All_letters_of_a_script_may_be_used_together(string name, string script)
        => Assert.True(AppNames.Read(name, out var problem) == name, $"{script}: {problem}");

    [Theory]
    [InlineData(null, "Enter the name")]
    [InlineData("", "Enter the name")]
    [InlineData("   ", "Enter the name")]
    [InlineData("Pаypal", "alphabets")] // Cyrillic а
    [InlineData("Gοogle", "alphabets")] // Greek ο
    [InlineData("Аpp", "alphabets")] // Cyrillic А
    [InlineData("ꓮpp", "alphabets")] // Lisu
    [InlineData("メモ 메모", "alphabets")]
    [InlineData("ㄅㄆ メモ", "alphabets")]
    [InlineData("App\u200B", "cannot be seen")]
    [InlineData("A\u200Dpp", "cannot be seen")]
    [InlineData("App\u202Egnp", "cannot be seen")]
    [InlineData("App\u2066x\u2069", "cannot be seen")]
    [InlineData("App\u00AD", "cannot be seen")]
    [InlineData("App\u00A0x", "cannot be seen")]
    [InlineData("App\u3164", "cannot be seen")]
    [InlineData("A\np", "cannot be seen")]
    [InlineData("A\0p", "cannot be seen")]
    [InlineData("App\uFE00", "cannot be seen")]
    [InlineData("App\uFE0F", "cannot be seen")]
    [InlineData("Z\u0351\u036B\u0343\u030D\u0357a\u036Clgo", "too many on one letter")]
    [InlineData("App \u0301", "without a letter")]
    public void Misleading_names_are_refused_with_the_reason(string? name, string reason)
    {
        Assert.Null(AppNames.Read(name, out var problem));
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Xeno")]
    [InlineData("XENO PORTAL")]
    [InlineData("Xeno Security")]
    [InlineData("Harbour for xeno")]
    [InlineData("Xeno's tools")]
    [InlineData("The (Xeno) team")]
    [InlineData("xeno_security")]
    [InlineData("Xeno-Security")]
    [InlineData("XenoSecurity")]
    [InlineData("XENOSecurity")]
    [InlineData("XenoAI")]
    [InlineData("MyXeno")]
    [InlineData("OAUTHXeno")]
    [InlineData("Xeno365")]
    [InlineData("Xenoportal")]
    [InlineData("X3n0 Security")]
    [InlineData("Ｘeno Security")]
    [InlineData("ＸＥＮＯ")]
    [InlineData("Xéno Security")]
    [InlineData("Xe\u0301no Security")]
    [InlineData("Xënø")]
    [InlineData("𝐗𝐞𝐧𝐨")]
    [InlineData("𝕏𝕖𝕟𝕠 𝟙")]
    [InlineData("Ⓧⓔⓝⓞ")]
    [InlineData("🅇🄴🄽🄾 24")]
    [InlineData("×eno")]
    [InlineData("ΧΕΝΟ")] // Greek
    [InlineData("ꓫꓰꓠꓳ")] // Lisu
    [InlineData("X e n o")]
    [InlineData("My X.E.N.O. desk")]
    [InlineData("Xe-no")]
    public void The_portals_own_name_is_refused_as_a_word_however_it_is_written(string name)
    {
        Assert.Null(AppNames.Read(name, out var problem));
        Assert.Contains("the portal's own name", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Xenon")]
    [InlineData("XENON")]
    [InlineData("Xen0n")]
    [InlineData("Xenophon Tools")]
    [InlineData("XENOPHON")]
    [InlineData("Xénophon")]
    [InlineData("Flexeno")]
    [InlineData("FLEXENO")]
    [InlineData("Axenon 3000")]
    [InlineData("Xen on Linux")]
    [InlineData("Xe noble gas")]
    [InlineData("Box E, Nov")]
    [InlineData("X e n")]
    public void Other_words_that_begin_like_it_are_taken(string name)
    {
        Assert.Equal(name, AppNames.Read(name, out var problem));
        Assert.Null(problem);
    }

    [Fact]
    public void A_name_has_at_most_eighty_characters()
    {
        Assert.NotNull(AppNames.Read(new string('x', 80), out _));
        Assert.Null(AppNames.Read(new string('x', 81), out var problem));
        Assert.Contains("81 characters; at most 80", problem, StringComparison.Ordinal);
    }
}
