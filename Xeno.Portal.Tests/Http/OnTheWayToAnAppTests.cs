using System.Net;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Http;

/// <summary>Headers of the pages that a browser passes between an app's request and its answer, and of all others.</summary>
[Trait("Category", "Fast")]
public sealed class OnTheWayToAnAppTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Fact]
    public async Task No_page_on_the_way_to_an_app_cuts_the_opener_or_stops_a_form()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        var stranger = portal.Browser();

        HttpResponseMessage[] answers =
        [
            await browser.GetAsync(rp.AuthorizeUrl()),
            await browser.GetAsync(rp.AuthorizeUrl(("scope", "nothing"))),
            await browser.GetAsync(rp.AuthorizeUrl(("redirect_uri", "https://evil.example/"))),
            await RelyingParty.DecideAsync(browser, rp.AuthorizeUrl(), "allow"),
            await browser.GetAsync(rp.AuthorizeUrl(("prompt", "none"))),
            await browser.GetAsync("/account/prove"),
            await stranger.GetAsync(rp.AuthorizeUrl()),
            await stranger.GetAsync("/account/login"),
            await stranger.GetAsync("/account/register"),
            await stranger.LogInAsync("nobody@example.com"),
            await stranger.RegisterAsync($"{Guid.NewGuid():N}@example.com", rp.AuthorizeUrl()),
        ];

        Assert.Equal(
            [200, 302, 400, 303, 302, 200, 302, 200, 200, 200, 302], answers.Select(answer => (int)answer.StatusCode));
        Assert.All(answers, answer =>
        {
            Assert.False(answer.Headers.Contains("Cross-Origin-Opener-Policy"), answer.RequestMessage!.RequestUri!.ToString());
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.DoesNotContain("form-action", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/apps")]
    [InlineData("/account/logout")]
    [InlineData("/docs")]
    public async Task A_page_that_is_not_on_the_way_keeps_its_opener_policy_and_form_action(string page)
    {
        var browser = await portal.BrowserOfAsync(await portal.AccountAsync());

        var answer = await browser.GetAsync(page);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Cross-Origin-Opener-Policy")));
        Assert.Contains(
            "form-action 'self'; frame-ancestors 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")),
            StringComparison.Ordinal);
    }
}
