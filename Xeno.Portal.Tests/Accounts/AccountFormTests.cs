using System.Net;
using Xeno.Portal.Accounts;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Accounts;

/// <summary>What the forms of the account pages accept, and where they lead. Does not depend on the database.</summary>
[Trait("Category", "Fast")]
public sealed class AccountFormTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Theory]
    [InlineData("not an address", Given.Password, Given.Password, "not an e-mail address")]
    [InlineData("jörg@example.com", Given.Password, Given.Password, "has the character ö. Only the letters a to z")]
    [InlineData("\"a\"@example.com", Given.Password, Given.Password, "quotation marks are not taken")]
    [InlineData("a(b)@example.com", Given.Password, Given.Password, "comment in parentheses are not taken")]
    [InlineData("a@example.com", "short", "short", "too short")]
    [InlineData("b@example.com", "aaaaaaaaaa", "aaaaaaaaaa", "repeats the same characters")]
    [InlineData("c@example.com", Given.Password, "another-one", "not the same")]
    [InlineData("", Given.Password, Given.Password, "Enter your e-mail address")]
    public async Task Invalid_fields_are_named_and_the_address_is_kept(string email, string password, string confirmation, string message)
    {
        var response = await portal.Browser().RegisterAsync(email, password: password, confirmation: confirmation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var page = await response.PageAsync();
        Assert.Contains(message, page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(email, page.QuerySelector("input[type=email]")!.GetAttribute("value") ?? "");
        Assert.All(page.QuerySelectorAll("input[type=password]"), input => Assert.Null(input.GetAttribute("value")));
    }

    [Theory]
    [InlineData("/installed", "/installed")]
    [InlineData("/oauth/authorize?client_id=x&state=%2F", "/oauth/authorize?client_id=x&state=%2F")]
    [InlineData("//evil.example", "/apps")]
    [InlineData("/\\evil.example", "/apps")]
    [InlineData("/\t/evil.example", "/apps")]
    [InlineData("/\n/evil.example", "/apps")]
    [InlineData("https://evil.example", "/apps")]
    [InlineData("javascript:alert(1)", "/apps")]
    [InlineData("evil.example", "/apps")]
    [InlineData("\\\\evil.example", "/apps")]
    [InlineData(" //evil.example", "/apps")]
    [InlineData("", "/apps")]
    public async Task A_return_url_is_followed_only_inside_this_site(string returnUrl, string expected)
    {
        var account = await portal.AccountAsync();

        var response = await portal.Browser().LogInAsync(account.Email, Given.Password, returnUrl);

        Assert.Equal(expected, response.LeadsTo());
    }

    [Theory]
    [InlineData("/%2F/evil.example")]
    [InlineData("/%5Cevil.example")]
    public void Encoded_characters_stay_in_a_path_of_this_site(string returnUrl)
        => Assert.Equal("localhost", new Uri(new Uri("http://localhost"), ReturnUrl.LocalOr(returnUrl, "/")).Host);

    [Fact]
    public async Task Log_out_needs_a_post_with_an_antiforgery_token()
    {
        var account = await portal.AccountAsync();
        var browser = portal.Browser();
        await browser.LogInAsync(account.Email, Given.Password);

        var page = await browser.GetAsync("/account/logout");
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/apps")).StatusCode);
        using var withoutToken = new FormUrlEncodedContent([new("_handler", "logout")]);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync("/account/logout", withoutToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/apps")).StatusCode);

        var form = (await page.PageAsync()).QuerySelectorAll("main form input")
            .ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value")!, StringComparer.Ordinal);
        Assert.Equal("/", (await browser.PostAsync("/account/logout", new FormUrlEncodedContent(form))).LeadsTo());
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/apps")).StatusCode);
    }

    [Theory]
    [InlineData("/apps")]
    [InlineData("/apps/new")]
    [InlineData("/apps/xa_any")]
    [InlineData("/installed")]
    [InlineData("/playground")]
    public async Task Pages_for_accounts_lead_to_log_in_and_back(string page)
    {
        var response = await portal.Browser().GetAsync(page);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.EndsWith(
            $"/account/login?returnUrl={Uri.EscapeDataString(page)}", response.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }
}
