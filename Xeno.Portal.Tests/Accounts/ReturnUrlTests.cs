using Xeno.Portal.Accounts;

namespace Xeno.Portal.Tests.Accounts;

/// <summary>Which addresses a log-in may lead to; how browsers read other addresses is in <c>OpenRedirectTests</c>.</summary>
[Trait("Category", "Fast")]
public sealed class ReturnUrlTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/installed")]
    [InlineData("/apps?x=\\y#\\z")]
    [InlineData("/a//b")]
    public void A_path_of_this_site_is_followed_as_it_is(string url) => Assert.Equal(url, ReturnUrl.LocalOr(url, "/else"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("installed")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/a\\b")]
    [InlineData("/\tx")]
    [InlineData("/.//evil.example")]
    [InlineData("/a/..//evil.example")]
    [InlineData("https://evil.example/")]
    public void Any_other_value_leads_to_the_default_page(string? url) => Assert.Equal("/else", ReturnUrl.LocalOr(url, "/else"));

    [Theory]
    [InlineData("/\u00fc", "/%C3%BC")]
    [InlineData("/a b", "/a%20b")]
    [InlineData("/\ud83d\ude80", "/%F0%9F%9A%80")]
    [InlineData("/!~", "/!~")]
    public void Characters_that_a_header_cannot_hold_are_percent_encoded(string url, string sent)
        => Assert.Equal(sent, ReturnUrl.LocalOr(url, "/else"));
}
