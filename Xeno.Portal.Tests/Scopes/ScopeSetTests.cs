using Xeno.Portal.Scopes;

namespace Xeno.Portal.Tests.Scopes;

[Trait("Category", "Fast")]
public sealed class ScopeSetTests
{
    [Theory]
    [InlineData("widgets", "widgets")]
    [InlineData("brands", "widgets")]
    [InlineData("widget", "widgets")]
    [InlineData("contacts widgets", "widgets contacts")]
    [InlineData("brands widgets  faqs", "widgets faqs")]
    [InlineData("conversations contacts faqs brands", "widgets faqs contacts conversations")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void Names_and_aliases_become_canonical_names_each_once(string? text, string expected)
    {
        var scopes = ScopeSet.Parse(text, out var unknown);

        Assert.Equal(expected, scopes.ToString());
        Assert.Empty(unknown);
    }

    [Fact]
    public void Unknown_names_are_told_each_once_and_are_no_part_of_the_set()
    {
        var scopes = ScopeSet.Parse("openid widgets Widgets openid", out var unknown);

        Assert.Equal("widgets", scopes.ToString());
        Assert.Equal(["openid", "Widgets"], unknown);
    }

    [Theory]
    [InlineData("widgets faqs", true)]
    [InlineData("faqs widgets", false)] // No order of the portal's own: kept, such texts would be without number.
    [InlineData("widgets widgets", false)]
    [InlineData("widgets  faqs", false)]
    [InlineData("widgets gone", false)]
    public void What_is_stored_is_kept_ready_only_in_the_form_the_portal_writes(string stored, bool isKept)
    {
        var (first, second) = (ScopeSet.FromStored(stored), ScopeSet.FromStored(stored));

        Assert.Equal(first, second);
        Assert.Equal(isKept, ReferenceEquals(first, second));
    }

    [Fact]
    public void Sets_compare_by_what_they_hold()
    {
        var all = ScopeSet.Of(ScopeCatalog.All);
        var some = ScopeSet.FromStored("faqs widgets");

        Assert.True(all.Covers(some));
        Assert.False(some.Covers(all));
        Assert.Equal(ScopeSet.Of(ScopeCatalog.Widgets, ScopeCatalog.Faqs), some);
        Assert.Equal("contacts conversations", all.Except(some).ToString());
        Assert.Equal(all, some.Union(all));
        Assert.True(some.Covers(ScopeSet.Empty));
    }
}
