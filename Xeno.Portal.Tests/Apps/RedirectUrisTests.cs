using Xeno.Portal.Apps;

namespace Xeno.Portal.Tests.Apps;

[Trait("Category", "Fast")]
public sealed class RedirectUrisTests
{
    [Theory]
    [InlineData("https://app.example.com/callback", true)]
    [InlineData("https://app.example.com", true)]
    [InlineData("https://app.example.com:8443/cb?tenant=1&x=%20", true)]
    [InlineData("https://app.example.com/~me/!$&'()+,;=-._@", true)]
    [InlineData("https://xn--bcher-kva.example/cb", true)]
    [InlineData("http://127.0.0.1/cb", true)]
    [InlineData("http://127.0.0.1:8080/cb", true)]
    [InlineData("http://[::1]:8080/cb", true)]
    [InlineData("http://localhost:3000/cb", true)]
    [InlineData("https://app.example.com/cb?Code=1&states=2&x=code&error_=3&tenant[state]=1&&=", true)]
    [InlineData("https://app.example.com/code/state?", true)]
    [InlineData("com.example.app:/callback", false)]
    [InlineData("com.example.app://callback", false)]
    [InlineData("cursor://anysphere.cursor-mcp/oauth/callback", false)]
    [InlineData("vscode://me.ext/cb", false)]
    [InlineData("myapp:/callback", false)]
    public void A_valid_address_is_stored_unchanged(string uri, bool hasSecret)
    {
        Assert.Equal([uri], RedirectUris.Parse(uri, hasSecret, out var problem));
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("javascript://app.example/%0Aalert(1)")]
    [InlineData("JavaScript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("vbscript:x")]
    [InlineData("blob:https://app.example/1")]
    [InlineData("about:blank")]
    [InlineData("intent://app.example/#Intent;end")]
    [InlineData("view-source:https://app.example/")]
    [InlineData("filesystem:https://app.example/x")]
    [InlineData("ms-settings:privacy")]
    [InlineData("mailto:me@app.example")]
    public void A_scheme_that_runs_or_reads_or_sends_something_is_never_taken(string uri)
    {
        Assert.Empty(RedirectUris.Parse(uri, hasSecret: false, out var problem));
        Assert.NotNull(problem);
    }

    [Theory]
    [InlineData("https://app.example/cb\ncursor://anysphere.cursor-mcp/cb", false, true)]
    [InlineData("https://app.example/cb\ncursor://anysphere.cursor-mcp/cb", true, false)] // Refused with its own words.
    [InlineData("https://app.example/cb\ncom.example.app:/cb\nhttp://127.0.0.1/cb", false, false)]
    [InlineData("javascript:alert(1)", false, false)]
    [InlineData(null, false, false)]
    public void A_scheme_without_a_dot_is_taken_with_the_advice_to_use_a_loopback_address(string? lines, bool hasSecret, bool isAdvised)
        => Assert.Equal(isAdvised,
            RedirectUris.Advice(lines, hasSecret)?.Contains("http://127.0.0.1/callback", StringComparison.Ordinal) == true);

    [Theory]
    [InlineData("/callback", "not an absolute address")]
    [InlineData("app.example.com/callback", "not an absolute address")]
    [InlineData("//app.example.com/callback", "not an absolute address")]
    [InlineData("https://app.example.com/cb#x", "fragment")]
    [InlineData("https://app.example.com/cb#", "fragment")]
    [InlineData("https://*.example.com/cb", "no wildcards")]
    [InlineData("https://app.example.com/*", "no wildcards")]
    [InlineData("http://app.example.com/cb", "Codes must not travel in the clear")]
    [InlineData("http://127.0.0.2/cb", "Codes must not travel in the clear")]
    [InlineData("http://0.0.0.0/cb", "Codes must not travel in the clear")]
    [InlineData("http://localhost.example.com/cb", "Codes must not travel in the clear")]
    [InlineData("https://user@app.example.com/cb", "user name")]
    [InlineData("https://user:pw@app.example.com/cb", "user name")]
    [InlineData("https://app.example.com./cb", "ends with a dot")]
    [InlineData("https://app.example.com/a/../cb", "browsers rewrite")]
    [InlineData("https://app.example.com/./cb", "browsers rewrite")]
    [InlineData("https://app.example.com/%2E%2e/cb", "browsers rewrite")]
    [InlineData("https://app.example.com\\@evil.example", "does not belong")]
    [InlineData("https://app.example.com/a b", "a space")]
    [InlineData("https://bücher.example/cb", "does not belong")]
    [InlineData("HTTPS://app.example.com/cb", "small letters")]
    [InlineData("https:app.example.com/cb", "not an absolute address")]
    [InlineData("https:/app.example.com/cb", "not an absolute address")]
    [InlineData("javascript:alert(1)", "is not taken")]
    [InlineData("data:text/html,x", "is not taken")]
    [InlineData("myapp:/callback", "cannot keep a secret")]
    [InlineData("urn:ietf:wg:oauth:2.0:oob", "is not taken")]
    [InlineData("com.example.app:/callback", "cannot keep a secret")]
    public void An_invalid_address_is_refused_with_the_reason(string uri, string reason)
    {
        Assert.Empty(RedirectUris.Parse(uri, hasSecret: true, out var problem));
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://app.example.com/cb?code=1", "code")]
    [InlineData("https://app.example.com/cb?x=1&state=2", "state")]
    [InlineData("https://app.example.com/cb?iss", "iss")]
    [InlineData("https://app.example.com/cb?error=", "error")]
    [InlineData("https://app.example.com/cb?error_description=x", "error_description")]
    [InlineData("https://app.example.com?error_uri=x", "error_uri")]
    [InlineData("https://app.example.com/cb?%63ode=1", "code")]
    [InlineData("https://app.example.com/cb?x=%26&%73%74ate=1", "state")]
    [InlineData("https://app.example.com/cb?x?&state", "state")]
    [InlineData("http://127.0.0.1/cb?state=1", "state")]
    [InlineData("com.example.app:/callback?state=1", "state")]
    public void An_address_with_a_parameter_of_the_answer_is_refused_because_the_answer_would_have_two(string uri, string name)
    {
        Assert.Empty(RedirectUris.Parse(uri, hasSecret: false, out var problem));
        Assert.Contains($"has {name} in its query", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://app.example.com/cb", "(127.0.0.1, [::1] or localhost)")]
    [InlineData("data:text/html,x", "com.example.app:/callback")]
    [InlineData("com.example.app:/callback", "choose \"Without a secret\", or use https")]
    [InlineData("https://app.example.com:/cb", "Write it as app.example.com.")]
    [InlineData("https://app.example.com/a\u007fb", "contains a control character")]
    [InlineData("https://app.example.com/a\u0001b", "contains a control character")]
    [InlineData("https://app.example.com/{id}", "contains the character {,")]
    public void A_refusal_says_how_to_fix_the_address(string uri, string fix)
        => Assert.Contains(fix, RedirectUris.Problem(uri, hasSecret: true), StringComparison.Ordinal);

    [Fact]
    public void A_control_character_is_not_repeated_in_the_refusal()
        => Assert.StartsWith("https://a.example/a?b ", RedirectUris.Problem("https://a.example/a\u001bb", true), StringComparison.Ordinal);

    [Theory]
    [InlineData("COM.example.app:/callback", "small letters")]
    [InlineData("Com.Example.App:/callback", "small letters")]
    public void An_own_scheme_has_small_letters(string uri, string reason)
        => Assert.Contains(reason, RedirectUris.Problem(uri, hasSecret: false), StringComparison.Ordinal);

    [Fact]
    public void The_first_invalid_address_of_a_list_is_named()
    {
        Assert.Empty(RedirectUris.Parse("https://a.example/\nhttps://b.example/*\nhttps://c.example/#", true, out var problem));

        Assert.StartsWith("https://b.example/*", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_has_one_address_a_line_no_duplicates_and_at_most_twenty()
    {
        static string Lines(int count) => string.Join("\r\n", Enumerable.Range(0, count).Select(i => $" https://app.example.com/{i} "));

        Assert.Equal(20, RedirectUris.Parse(Lines(20) + "\n\n", true, out _).Count);
        RedirectUris.Parse(Lines(21), true, out var tooMany);
        RedirectUris.Parse("https://a.example/\nhttps://a.example/", true, out var twice);
        RedirectUris.Parse(" \n ", true, out var none);
        RedirectUris.Parse(null, true, out var nothing);
        RedirectUris.Parse("https://a.example/" + new string('x', 2048), true, out var tooLong);

        Assert.Contains("21 redirect URIs; an app can have 20", tooMany, StringComparison.Ordinal);
        Assert.StartsWith("https://a.example/ is listed twice", twice, StringComparison.Ordinal);
        Assert.Contains("at least one", none, StringComparison.Ordinal);
        Assert.Equal(none, nothing);
        Assert.Contains("longer than 2048", tooLong, StringComparison.Ordinal);
    }
}
