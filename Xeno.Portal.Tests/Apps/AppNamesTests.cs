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
    [InlineData("Xeno Insights by Harbour")]
    [InlineData("注音 ㄅㄆ Notes")]
    [InlineData("한글 漢字")]
    [InlineData("佐々木の店")]
    [InlineData("Hawaiʻi Surf")]
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
    [InlineData("App\U000E0100", "cannot be seen")]
    [InlineData("App\U000E01EF", "cannot be seen")]
    [InlineData("앱\u115F", "cannot be seen")]
    [InlineData("앱\u1160", "cannot be seen")]
    [InlineData("앱\uFFA0", "cannot be seen")]
    [InlineData("App\u2800", "cannot be seen")]
    [InlineData("A\u034Fpp", "cannot be seen")]
    [InlineData("A\u2028p", "cannot be seen")]
    [InlineData("A\u2029p", "cannot be seen")]
    [InlineData("App\uE000", "cannot be seen")]
    [InlineData("App\u0378", "cannot be seen")]
    [InlineData("App\uD800", "cannot be seen")]
    [InlineData("Xeno", "portal's own")]
    [InlineData("XENO PORTAL", "portal's own")]
    [InlineData("XenoPortal", "portal's own")]
    public void Misleading_names_are_refused_with_the_reason(string? name, string reason)
    {
        Assert.Null(AppNames.Read(name, out var problem));
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_has_at_most_eighty_characters()
    {
        Assert.NotNull(AppNames.Read(new string('x', 80), out _));
        Assert.Null(AppNames.Read(new string('x', 81), out var problem));
        Assert.Contains("81 characters; at most 80", problem, StringComparison.Ordinal);
    }
}
