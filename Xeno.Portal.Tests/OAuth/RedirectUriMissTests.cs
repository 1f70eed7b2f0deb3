using System.Net;
using Xeno.Portal.OAuth;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.OAuth;

/// <summary>A redirect URI that misses a registered one by a little: the answer names the difference, and no registered address.</summary>
[Trait("Category", "Fast")]
public sealed class RedirectUriMissTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    public static TheoryData<string, string, string> Misses => new()
    {
        { "https://app.example/cb", "https://app.example/cb/", "it has a slash at the end" },
        { "https://app.example/cb/?a=1", "https://app.example/cb?a=1", "the slash at the end is missing" },
        { "https://app.example", "https://app.example/", "it has a slash at the end" },
        { "https://app.example/Callback", "https://app.example/callback", "capital and small letters differ" },
        { "https://app.example/cb", "https://APP.example/cb", "capital and small letters differ" },
        { "https://app.example/cb", "https://app.example:443/cb", "it names the default port" },
        { "https://app.example:443/cb", "https://app.example/cb", "the port is missing" },
        { "http://localhost/cb", "http://localhost:80/cb", "it names the default port" },
        { "https://app.example/cb", "https://app.example:8443/cb", "it has another port" },
        { "http://localhost:8080/cb", "http://localhost:3000/cb", "Only for 127.0.0.1 and [::1] may the port differ" },
        { "https://app.example/~me", "https://app.example/%7Eme", "it percent-encodes characters" },
        { "https://app.example/%7Eme", "https://app.example/~me", "it holds characters that are registered percent-encoded" },
        { "https://app.example/%e2%98%95", "https://app.example/\u2615", "it holds characters that are registered percent-encoded" },
        { "https://app.example/cb", "https%3A%2F%2Fapp.example%2Fcb", "percent-encodes all twice" },
        { "https://app.example/a%20b", "https://app.example/a%2520b", "percent-encodes all twice" },
        { "https://app.example/cb", "http://app.example/cb", "it begins with http. Send https." },
        { "http://localhost:8080/cb", "https://localhost:8080/cb", "it begins with https. Send http." },
        { "http://127.0.0.1:8080/cb", "http://localhost:8080/cb", "Send the address 127.0.0.1" },
        { "http://127.0.0.1:8080/cb", "http://localhost:3000/cb", "Send the address 127.0.0.1" },
        { "http://localhost:8080/cb", "http://127.0.0.1:8080/cb", "it says 127.0.0.1. Send localhost." },
        { "http://[::1]:8080/cb", "http://127.0.0.1:8080/cb", "Send the address [::1]" },
        { "https://app.example/cb?a=1&b=2", "https://app.example/cb?a=1", "Percent-encode each & in the value of redirect_uri as %26" },
        { "https://app.example/cb?a=1", "https://app.example/cb", "its query is missing" },
        { "https://app.example/cb", "https://app.example/cb?next=1", "it has more in its query" },
        { "https://app.example/cb", "https://app.example/cb?iss=https://x.example", "the parameters of the portal's answer" },
        { "https://app.example/cb?a=1", "https://app.example/cb?a=1&code=x&state=y", "the parameters of the portal's answer" },
        { "https://xn--bcher-kva.example/cb", "https://b\u00fccher.example/cb", "Send the form that begins with xn--" },
        { "https://app.example/cb", "https://app.example/cb#top", "it has a fragment" },
        { "https://app.example/cb", " https://app.example/cb", "there is a space around it" },
        { "https://app.example/cb?a=b+c", "https://app.example/cb?a=b c", "a plus sign" },
    };

    [Theory]
    [MemberData(nameof(Misses))]
    public void The_difference_is_named_and_the_registered_address_is_not(string registered, string sent, string words)
    {
        var explained = RedirectUriMiss.Explain(["https://other.example/", registered], sent);

        Assert.Contains(words, explained, StringComparison.Ordinal);
        Assert.DoesNotContain("app.example", explained, StringComparison.Ordinal);
        Assert.Matches(@"^[\x20\x21\x23-\x5B\x5D-\x7E]+$", explained);
    }

    [Theory]
    [InlineData("https://evil.example/cb")]
    [InlineData("https://app.example/other")]
    [InlineData("https://app.example.evil.example/cb")]
    [InlineData("nonsense")]
    [InlineData("%")]
    [InlineData("https://")]
    public void What_misses_by_more_is_not_explained(string sent)
        => Assert.Null(RedirectUriMiss.Explain(["https://app.example/cb"], sent));

    [Fact]
    public async Task The_error_page_names_the_difference_to_strangers_too()
    {
        var rp = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), "https://app.example/secret-path"));

        var page = await portal.Browser().GetAsync(rp.AuthorizeUrl(("redirect_uri", "https://APP.example/secret-PATH")));

        Assert.Equal(HttpStatusCode.BadRequest, page.StatusCode);
        var text = (await page.PageAsync()).Body!.TextContent;
        Assert.Contains("capital and small letters differ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-path", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_endpoint_names_it_and_the_code_still_works()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        var code = await rp.CodeAsync(browser, ("redirect_uri", GivenApps.Callback));

        var answer = await rp.ExchangeAsync(code, ("redirect_uri", GivenApps.Callback + "?iss=http%3A%2F%2Flocalhost"));

        answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant");
        Assert.Contains("the parameters of the portal's answer", answer["error_description"], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await rp.ExchangeAsync(code, ("redirect_uri", GivenApps.Callback))).Status);
    }
}
