using System.Net;
using System.Net.Http.Json;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Accounts;

/// <summary>What the script of a page asks about a new password while somebody types it.</summary>
[Trait("Category", "Fast")]
public sealed class PasswordCheckTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Theory]
    [InlineData("", null)]
    [InlineData("1234567", "too short")]
    [InlineData("password", "easy to guess")]
    [InlineData("anna.mueller", "your address")]
    [InlineData("correct horse battery", "hard to guess")]
    public async Task It_says_what_the_form_would_say(string password, string? words)
    {
        var (browser, token) = await OpenAsync(portal, "/account/register");

        var answer = await AskAsync(browser, token, password, "anna.mueller@example.com");

        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        var said = (await answer.Content.ReadFromJsonAsync<Dictionary<string, string?>>(TestContext.Current.CancellationToken))!["words"];
        if (words is null)
            Assert.Null(said);
        else
            Assert.Contains(words, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_somebody_signed_in_it_knows_the_address_itself()
    {
        var account = await portal.AccountAsync();
        var browser = await portal.BrowserOfAsync(account);
        var token = await TokenAsync(browser, "/account/manage/password");

        var answer = await AskAsync(browser, token, account.Email.Split('@')[0], "");

        var said = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("your address", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_token_of_the_form_it_answers_nothing()
    {
        var (browser, _) = await OpenAsync(portal, "/account/register");

        Assert.Equal(HttpStatusCode.BadRequest, (await AskAsync(browser, "none", "password", "")).StatusCode);
    }

    [Fact]
    public async Task It_is_limited_by_address()
    {
        await using var strict = new PortalFactory { Settings = { ["RateLimits:PasswordChecksPerAddress"] = "1" } };
        var (browser, token) = await OpenAsync(strict, "/account/register");
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(browser, token, "password", "")).StatusCode);

        var refused = await AskAsync(browser, token, "password", "");

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
    }

    private static async Task<(HttpClient Browser, string Token)> OpenAsync(PortalFactory portal, string page)
    {
        var browser = portal.Browser();
        return (browser, await TokenAsync(browser, page));
    }

    private static async Task<string> TokenAsync(HttpClient browser, string page)
        => (await (await browser.GetAsync(page)).PageAsync()).QuerySelector("main [name=__RequestVerificationToken]")!
            .GetAttribute("value")!;

    private static Task<HttpResponseMessage> AskAsync(HttpClient browser, string token, string password, string email)
        => browser.PostAsync("/account/password-check", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["password"] = password, ["email"] = email, ["__RequestVerificationToken"] = token,
        }));
}
