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
    public void Names_in_every_script_are_accepted(string name)
    {
        Assert.Equal(name, AppNames.Read($" {name} ", out var problem));
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("", "Enter the name")]
    [InlineData("   ", "Enter the name")]
    [InlineData("Pаypal", "alphabets")] // Cyrillic а
    [InlineData("Gοogle", "alphabets")] // Greek ο
    [InlineData("Аpp", "alphabets")] // Cyrillic А
    [InlineData("ꓮpp", "alphabets")] // Lisu
    [InlineData("App\u200B", "cannot be seen")]
    [InlineData("A\u200Dpp", "cannot be seen")]
    [InlineData("App\u202Egnp", "cannot be seen")]
    [InlineData("App\u2066x\u2069", "cannot be seen")]
    [InlineData("App\u00AD", "cannot be seen")]
    [InlineData("App\u00A0x", "cannot be seen")]
    [InlineData("App\u3164", "cannot be seen")]
    [InlineData("A\np", "cannot be seen")]
    [InlineData("A\0p", "cannot be seen")]
    [InlineData("App\uFE0F", "cannot be seen")]
    [InlineData("Xeno", "portal's own")]
    [InlineData("XENO PORTAL", "portal's own")]
    public void Misleading_names_are_refused_with_the_reason(string name, string reason)
    {
        Assert.Null(AppNames.Read(name, out var problem));
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_has_at_most_eighty_characters()
    {
        Assert.NotNull(AppNames.Read(new string('x', 80), out _));
        Assert.Null(AppNames.Read(new string('x', 81), out _));
    }
}
