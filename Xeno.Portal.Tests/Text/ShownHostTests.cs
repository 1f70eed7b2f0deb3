using Xeno.Portal.Text;

namespace Xeno.Portal.Tests.Text;

[Trait("Category", "Fast")]
public sealed class ShownHostTests
{
    [Theory]
    [InlineData("https://app.example.com/callback?x=1", "app.example.com")]
    [InlineData("https://App.Example:8443/", "app.example:8443")]
    [InlineData("https://app.example:443/", "app.example")]
    [InlineData("http://127.0.0.1:7000/cb", "127.0.0.1:7000")]
    [InlineData("http://[::1]:7000/cb", "[::1]:7000")]
    [InlineData("https://bücher.example", "bücher.example")]
    [InlineData("https://xn--bcher-kva.example", "bücher.example")]
    [InlineData("https://XN--BCHER-KVA.example", "bücher.example")]
    [InlineData("https://việt-nam1.example", "việt-nam1.example")]
    [InlineData("https://кофе.example", "кофе.example")]
    [InlineData("https://роса.рф", "роса.рф")] // Latin look-alikes only, but nobody expects Latin before .рф
    [InlineData("https://καφές.example", "καφές.example")]
    [InlineData("https://喫茶メモ帳.example", "喫茶メモ帳.example")]
    [InlineData("https://커피.example", "커피.example")]
    [InlineData("https://קפה.example", "קפה.example")]
    [InlineData("https://कॉफी.example", "कॉफी.example")]
    public void A_host_of_everyday_letters_is_shown_in_them_however_it_was_written(string address, string shown)
        => Assert.Equal(shown, ShownHost.Of(new Uri(address)));

    [Theory]
    [InlineData("https://pаypal.example:8443/x", "xn--pypal-4ve.example:8443")] // Cyrillic а among Latin letters
    [InlineData("https://xn--pypal-4ve.example", "xn--pypal-4ve.example")]
    [InlineData("https://аррӏе.example", "xn--80ak6aa92e.example")] // all Cyrillic
    [InlineData("https://αιρο.example", "xn--mxaqsh.example")] // all Greek
    [InlineData("https://оо.аррӏе.example", "xn--n1aa.xn--80ak6aa92e.example")]
    [InlineData("https://аррӏе", "xn--80ak6aa92e")]
    [InlineData("https://ɡoogle.example", "xn--oogle-qmc.example")] // a letter of phonetics
    [InlineData("https://appノlogin.example", "xn--applogin-634g.example")] // kana that looks like a slash
    [InlineData("https://ａpp.example", "xn--pp-bz3n.example")] // full-width
    [InlineData("https://e\u0332xample.example", "xn--example-0re.example")] // a line under a letter
    [InlineData("https://ꓮꓑꓑ.example", "xn--4l8aa9f.example")] // Lisu
    [InlineData("https://aː.example", "xn--a-47a.example")]
    [InlineData("https://ab\u200Dc.example", "xn--abc-fn0a.example")]
    [InlineData("https://☕.example", "xn--53h.example")]
    [InlineData("https://xn--0.example", "xn--0.example")]
    [InlineData("https://xn--a.example", "xn--a.example")]
    public void A_label_that_could_be_taken_for_another_is_shown_in_punycode(string address, string shown)
        => Assert.Equal(shown, ShownHost.Of(new Uri(address)));

    [Fact]
    public void A_host_that_cannot_exist_is_shown_in_ASCII()
    {
        var tooLong = string.Join('.', Enumerable.Repeat(new string('é', 20), 12));

        Assert.Matches("^(%C3%A9)+", ShownHost.Of(new Uri($"https://{tooLong}.example")));
        Assert.Matches("^%C3%A9a+", ShownHost.Of(new Uri($"https://é{new string('a', 62)}.example")));
    }
}
