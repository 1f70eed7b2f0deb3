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
    public void Names_and_aliases_become_canonical_names_without_duplicates(string? text, string expected)
    {
        var scopes = ScopeSet.Parse(text, out var unknown);

        Assert.Equal(expected, scopes.ToString());
        Assert.Empty(unknown);
    }

    [Fact]
    public void Unknown_names_are_returned_without_duplicates_and_are_not_in_the_set()
    {
        var scopes = ScopeSet.Parse("openid widgets Widgets openid", out var unknown);

        Assert.Equal("widgets", scopes.ToString());
        Assert.Equal(["openid", "Widgets"], unknown);
    }

    [Theory]
    [InlineData("widgets faqs", true)]
    [InlineData("faqs widgets", false)] // Not in canonical order. Only canonical texts are cached, because their number is limited.
    [InlineData("widgets widgets", false)]
    [InlineData("widgets  faqs", false)]
    [InlineData("widgets gone", false)]
    public void Only_sets_in_canonical_form_are_cached(string stored, bool isKept)
    {
        var (first, second) = (ScopeSet.FromStored(stored), ScopeSet.FromStored(stored));

        Assert.Equal(first, second);
        Assert.Equal(isKept, ReferenceEquals(first, second));
    }

    [Fact]
    public void Sets_with_the_same_scopes_are_equal()
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
