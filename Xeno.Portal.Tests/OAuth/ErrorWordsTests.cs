using System.Reflection;
using Xeno.Portal.OAuth;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.OAuth;

/// <summary>Every error says what happened and what to do (<c>error_description</c>).</summary>
[Trait("Category", "Fast")]
public sealed class ErrorWordsTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    public static TheoryData<string> All
        => [.. ErrorTexts.OfOAuth.Select(member => member.Name).Where(name => name != nameof(OAuthErrors.Unexpected))];

    [Theory]
    [MemberData(nameof(All))]
    public void A_description_is_plain_text_that_says_more_than_one_thing(string name)
    {
        var text = TextOf(ErrorTexts.OfOAuth.Single(member => member.Name == name));

        Assert.Matches(@"^[\x20\x21\x23-\x5B\x5D-\x7E]{40,}\.$", text);
        Assert.Matches("[.:;,] [A-Za-z]", text); // What happened, then what to do.
        Assert.NotEqual(OAuthErrors.Unexpected, text);
    }

    [Theory]
    [InlineData("widgets,contacts", "'widgets contacts'")]
    [InlineData("widgets, contacts", "'widgets contacts'")]
    [InlineData("widgets+contacts", "'widgets contacts'")]
    [InlineData("Widgets Contacts", "'widgets contacts'")]
    [InlineData("brands,offline_access", "'brands offline_access'")]
    [InlineData("openid widgets", "There is no OpenID Connect here")]
    [InlineData("profile", "There is no OpenID Connect here")]
    [InlineData("email,widgets email", "There is no OpenID Connect here")]
    [InlineData("offline_access", "tokens do not expire")]
    [InlineData("everything", "widgets faqs contacts conversations")]
    public async Task A_wrong_scope_is_answered_with_the_value_to_send(string scope, string words)
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();

        var answer = (await browser.GetAsync(rp.AuthorizeUrl(("scope", scope)))).RedirectQuery();

        answer.ShouldBeError("invalid_scope");
        Assert.Contains(words, answer["error_description"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Offline_access_is_dropped()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();

        var token = await rp.ExchangeAsync(await rp.CodeAsync(browser, ("scope", "offline_access widgets")));

        Assert.Equal("widgets", token["scope"]);
    }

    [Fact]
    public async Task Cancel_and_what_prompt_none_refuses_are_explained()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();

        var cancelled = (await RelyingParty.DecideAsync(browser, rp.AuthorizeUrl(), "cancel")).RedirectQuery();
        var noConsent = (await browser.GetAsync(rp.AuthorizeUrl(("prompt", "none")))).RedirectQuery();
        var noLogin = (await portal.Browser().GetAsync(rp.AuthorizeUrl(("prompt", "none")))).RedirectQuery();

        Assert.Equal(("access_denied", OAuthErrors.AccessDenied), (cancelled["error"], cancelled["error_description"]));
        Assert.Equal(("consent_required", OAuthErrors.ConsentRequired), (noConsent["error"], noConsent["error_description"]));
        Assert.Equal(("login_required", OAuthErrors.LoginRequired), (noLogin["error"], noLogin["error_description"]));
    }

    private static string TextOf(MemberInfo member) => (string)(member switch
    {
        FieldInfo field => field.GetValue(null),
        PropertyInfo property => property.GetValue(null),
        MethodInfo method => method.Invoke(null, [.. method.GetParameters().Select(Example)]),
        _ => null,
    })!;

    private static object? Example(ParameterInfo parameter) => parameter.ParameterType switch
    {
        { } type when type == typeof(int) => 5,
        { } type when type == typeof(TimeSpan) => TimeSpan.FromSeconds(5),
        { } type when type == typeof(IReadOnlyList<string>) => (string[])["one"],
        // Words of the server itself; everything else is of the request.
        _ => parameter.Name switch
        {
            "difference" => "it has a slash at the end. Leave the slash out.",
            "unit" => "characters",
            "corrected" => "widgets contacts",
            _ => "some\"text\u00e9",
        },
    };
}
