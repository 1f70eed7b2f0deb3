using System.Net;
using AngleSharp.Html.Dom;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Accounts;

/// <summary>
/// A form whose cookie was lost or replaced, and pages that are open in two tabs: the form is shown again with what was typed, or it leads
/// on.
/// </summary>
[Trait("Category", "Fast")]
public sealed class LostFormTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private const string Note = "Nothing was done yet.";

    [Theory]
    [InlineData("/account/login?returnUrl=%2Finstalled", "/installed")]
    [InlineData("/account/register?returnUrl=%2Finstalled", "/installed")]
    public async Task A_form_whose_cookie_was_lost_is_shown_again_with_the_address_and_can_be_sent(string url, string then)
    {
        var email = url.Contains("login", StringComparison.Ordinal)
            ? (await portal.AccountAsync()).Email
            : $"{Guid.NewGuid():N}@example.com";
        var browser = portal.Browser();
        var page = await (await browser.GetAsync(url)).PageAsync();
        LoseCookies(browser);

        var answer = await SendAsync(browser, url, page, email);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var again = await answer.PageAsync();
        Assert.Contains(Note, again.QuerySelector(".xp-status")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(email, again.QuerySelector("input[type=email]")!.GetAttribute("value"));
        Assert.All(again.QuerySelectorAll("input[type=password]"), field => Assert.Null(field.GetAttribute("value")));
        Assert.DoesNotContain(Given.Password, again.Source.Text, StringComparison.Ordinal);

        Assert.Equal(then, (await SendAsync(browser, url, again, email)).LeadsTo());
    }

    [Fact]
    public async Task A_form_whose_cookie_was_replaced_is_shown_again_and_can_be_sent()
    {
        var account = await portal.AccountAsync();
        var (browser, other) = (portal.Browser(), portal.Browser());
        var page = await (await browser.GetAsync("/account/login")).PageAsync();
        await other.GetAsync("/account/login");
        LoseCookies(browser);
        browser.Cookies().Add(other.Cookies().GetAllCookies());

        var again = await SendAsync(browser, "/account/login", page, account.Email);

        Assert.Equal(HttpStatusCode.BadRequest, again.StatusCode);
        Assert.Equal("/apps", (await SendAsync(browser, "/account/login", await again.PageAsync(), account.Email)).LeadsTo());
    }

    [Fact]
    public async Task Remember_me_stays_chosen()
    {
        var browser = portal.Browser();
        var page = await (await browser.GetAsync("/account/login")).PageAsync();
        LoseCookies(browser);

        var again = await (await SendAsync(browser, "/account/login", page, "a@example.com", ("Input.RememberMe", "true"))).PageAsync();

        Assert.True(((IHtmlInputElement)again.QuerySelector("input[type=checkbox]")!).IsChecked);
    }

    [Fact]
    public async Task The_question_whether_it_is_still_you_is_asked_again()
    {
        var browser = await portal.BrowserOfAsync(await portal.AccountAsync());
        const string url = "/account/prove?returnUrl=%2Finstalled";
        var page = await (await browser.GetAsync(url)).PageAsync();
        browser.Cookies().GetAllCookies()[FormsCookie()]!.Expired = true;

        var answer = await SendAsync(browser, url, page);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var again = await answer.PageAsync();
        Assert.Contains(Note, again.QuerySelector(".xp-status")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("/installed", (await SendAsync(browser, url, again)).LeadsTo());
    }

    [Theory]
    [InlineData("/account/login")]
    [InlineData("/account/register")]
    public async Task A_form_that_was_not_taken_leads_on_when_another_tab_signed_in(string path)
    {
        var account = await portal.AccountAsync();
        var browser = portal.Browser();
        var url = $"{path}?returnUrl=%2Finstalled";
        var page = await (await browser.GetAsync(url)).PageAsync();
        LoseCookies(browser);
        await portal.SignInAsync(browser, account);

        Assert.Equal("/installed", (await SendAsync(browser, url, page, account.Email)).LeadsTo());
    }

    [Fact]
    public async Task A_log_in_form_works_after_another_tab_signed_in()
    {
        var account = await portal.AccountAsync();
        var browser = portal.Browser();
        var page = await (await browser.GetAsync("/account/login")).PageAsync();
        await browser.LogInAsync(account.Email);

        Assert.Equal("/apps", (await SendAsync(browser, "/account/login", page, account.Email)).LeadsTo());
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/apps")).StatusCode);
    }

    [Fact]
    public async Task Log_out_in_a_tab_that_is_signed_out_leads_to_the_start_page()
    {
        var browser = await portal.BrowserOfAsync(await portal.AccountAsync());
        var page = await (await browser.GetAsync("/docs")).PageAsync();
        var logOut = new FormUrlEncodedContent(page.FieldsOfForm("/account/logout"));
        Assert.Equal("/", (await browser.PostAsync("/account/logout", logOut)).LeadsTo());

        Assert.Equal("/", (await browser.PostAsync("/account/logout", logOut)).LeadsTo());
        Assert.Equal("/", (await browser.GetAsync("/account/logout")).LeadsTo());
    }

    [Fact]
    public async Task Log_out_in_a_tab_of_another_account_asks_again_and_ends_nothing()
    {
        var browser = await portal.BrowserOfAsync(await portal.AccountAsync());
        var logOut = (await (await browser.GetAsync("/docs")).PageAsync()).FieldsOfForm("/account/logout");
        await portal.SignInAsync(browser, await portal.AccountAsync());

        var answer = await browser.PostAsync("/account/logout", new FormUrlEncodedContent(logOut));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var again = await answer.PageAsync();
        Assert.Contains(Note, again.QuerySelector(".xp-status")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/apps")).StatusCode);
        Assert.Equal("/", (await SendAsync(browser, "/account/logout", again)).LeadsTo());
    }

    [Theory]
    [InlineData("/account/login")]
    [InlineData("/account/register")]
    public async Task A_browser_that_keeps_no_cookies_is_told_so(string url)
    {
        var browser = portal.Browser();
        var page = await (await browser.GetAsync(url)).PageAsync();
        LoseCookies(browser);
        var again = await (await SendAsync(browser, url, page, "a@example.com")).PageAsync();
        LoseCookies(browser);

        var answer = await SendAsync(browser, url, again, "a@example.com");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var told = await answer.PageAsync();
        Assert.Equal("Cookies are needed here", told.QuerySelector("h1")!.TextContent);
        Assert.Equal(url, told.QuerySelector("main a.xp-button")!.GetAttribute("href"));
    }

    [Theory]
    [InlineData("/account/login")]
    [InlineData("/account/register")]
    public async Task Somebody_signed_in_who_opens_a_page_that_signs_in_is_led_on(string path)
    {
        var account = await portal.AccountAsync();
        var browser = await portal.BrowserOfAsync(account);

        Assert.Equal("/apps", (await browser.GetAsync(path)).LeadsTo());
        Assert.Equal("/docs?a=b", (await browser.GetAsync($"{path}?returnUrl=%2Fdocs%3Fa%3Db")).LeadsTo());
        Assert.Equal("/apps", (await browser.GetAsync($"{path}?returnUrl=%2F%2Fevil.example")).LeadsTo());

        // An ended session is nobody.
        var left = (await (await browser.GetAsync("/docs")).PageAsync()).FieldsOfForm("/account/logout");
        var cookies = browser.Cookies().GetAllCookies();
        await browser.PostAsync("/account/logout", new FormUrlEncodedContent(left));
        var old = portal.Browser();
        old.Cookies().Add(cookies);
        Assert.Equal(HttpStatusCode.OK, (await old.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task Not_you_and_prompt_login_show_the_form_to_somebody_signed_in()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();

        var consent = await (await browser.GetAsync(rp.AuthorizeUrl())).PageAsync();
        var notYou = consent.QuerySelectorAll("a").Single(link => link.TextContent == "Not you?").GetAttribute("href")!;
        var login = await browser.GetAsync(notYou);
        Assert.Equal(HttpStatusCode.OK, login.StatusCode);
        var register = (await login.PageAsync()).QuerySelectorAll("main a").Single(link => link.TextContent == "Register");
        var registration = await browser.GetAsync(register.GetAttribute("href"));
        Assert.Equal(HttpStatusCode.OK, registration.StatusCode);
        var back = (await registration.PageAsync()).QuerySelectorAll("main a").Single(link => link.TextContent == "Log in");
        Assert.Equal(notYou, back.GetAttribute("href"));

        var again = (await browser.GetAsync(rp.AuthorizeUrl(("prompt", "login")))).LeadsTo();
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(again)).StatusCode);
    }

    [Fact]
    public async Task An_account_that_is_registered_again_with_its_password_is_signed_in()
    {
        var account = await portal.AccountAsync();
        var browser = portal.Browser();

        Assert.Equal("/installed", (await browser.RegisterAsync(account.Email.ToUpperInvariant(), "/installed")).LeadsTo());
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/apps")).StatusCode);

        var stranger = portal.Browser();
        var refused = await stranger.RegisterAsync(account.Email, password: "Some-other-password-1");
        Assert.Contains("has an account already", await refused.AlertAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await stranger.GetAsync("/apps")).StatusCode);
    }

    [Fact]
    public async Task Wrong_passwords_at_registration_count_like_those_at_log_in()
    {
        await using var limited = new PortalFactory { Settings = { ["Accounts:LockoutAfter"] = "3" } };
        var account = await limited.AccountAsync();
        for (var i = 0; i < 3; i++)
            await limited.Browser().RegisterAsync(account.Email, password: $"Some-other-password-{i}");

        var refused = await limited.Browser().RegisterAsync(account.Email);

        Assert.Contains("has an account already", await refused.AlertAsync(), StringComparison.Ordinal);
    }

    /// <summary>Sends the page's form in its <c>main</c> part, with the password in each of its password fields.</summary>
    private static Task<HttpResponseMessage> SendAsync(
        HttpClient browser, string url, IHtmlDocument page, string? email = null, params (string Name, string Value)[] typed)
    {
        var fields = page.QuerySelectorAll("main form input").Cast<IHtmlInputElement>().Where(input => input.Type != "checkbox")
            .ToDictionary(input => input.Name!, input => input.Type == "password" ? Given.Password : input.Value, StringComparer.Ordinal);
        if (email is not null)
            fields["Input.Email"] = email;
        foreach (var (name, value) in typed)
            fields[name] = value;
        return browser.PostAsync(url, new FormUrlEncodedContent(fields));
    }

    private string FormsCookie() => portal.Services.GetRequiredService<IOptions<AntiforgeryOptions>>().Value.Cookie.Name!;

    private static void LoseCookies(HttpClient browser)
    {
        foreach (Cookie cookie in browser.Cookies().GetAllCookies())
            cookie.Expired = true;
    }
}
