using System.Net;
using Duende.IdentityModel.Client;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Playwright;
using Xeno.Portal.Tests.Support;
using static Microsoft.Playwright.Assertions;
using static Xeno.Portal.Tests.Support.GivenApps;

namespace Xeno.Portal.Tests.Journeys;

/// <summary>
/// The owner of an account installs an app through log-in and consent, sees it, revokes a token and uninstalls the app. The app uses a
/// client library of a third party.
/// </summary>
[Trait("Category", "Browser")]
public sealed class InstallAnAppJourney(Chromium chromium) : BrowserTest(chromium)
{
    [Fact]
    public async Task An_app_is_installed_by_a_standard_client_library_through_log_in_and_consent_and_its_token_revoked()
    {
        var (app, owner) = await AppAsync();
        using var http = new HttpClient();
        var server = await http.GetDiscoveryDocumentAsync(new DiscoveryDocumentRequest
        {
            Address = Origin,
            Policy = { DiscoveryDocumentPath = ".well-known/oauth-authorization-server", RequireKeySet = false, RequireHttps = false },
        });
        Assert.False(server.IsError, server.Error);
        var url = new RequestUrl(server.AuthorizeEndpoint!).CreateAuthorizeUrl(
            app.ClientId, "code", scope: "widgets contacts", redirectUri: Callback, state: "xyz");

        await Page.GotoAsync(url);
        await Field("Email").FillAsync(owner.Email);
        await Field("Password").FillAsync(Given.Password);
        await Button("Log in").ClickAsync();
        await Expect(Page.GetByText("by ")).ToBeVisibleAsync();
        await Expect(Page.GetByText(owner.Email).Last).ToBeVisibleAsync();
        await Button("Allow").ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "The app" })).ToBeVisibleAsync();

        var answer = new AuthorizeResponse(Page.Url);
        Assert.Equal(("xyz", Origin), (answer.State, answer.TryGet("iss")));
        var token = await http.RequestAuthorizationCodeTokenAsync(new AuthorizationCodeTokenRequest
        {
            Address = server.TokenEndpoint, ClientId = app.ClientId, ClientSecret = app.Secret, Code = answer.Code!, RedirectUri = Callback,
        });
        Assert.False(token.IsError, token.Error);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(http, token.AccessToken!));

        await Page.GotoAsync("/installed");
        var region = Page.GetByRole(AriaRole.Region, new() { Name = app.Name, Exact = true });
        await Expect(region.GetByText("Widgets.")).ToBeVisibleAsync();
        await region.GetByRole(AriaRole.Button, new() { Name = "Revoke", Exact = true }).ClickAsync();
        await ConfirmAsync("Revoke");
        await Expect(Page.GetByText("No app is installed")).ToBeVisibleAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(http, token.AccessToken!));
    }

    [Fact]
    public async Task The_open_page_shows_new_and_ended_tokens_and_uninstalls()
    {
        var (app, _) = await AppAsync();
        await RegisterAccountAsync();
        await Page.GotoAsync("/installed");
        await Expect(Page.GetByText("No app is installed")).ToBeVisibleAsync();

        var other = await Context.NewPageAsync();
        using var http = new HttpClient();
        var first = await InstallAsync(other, http, app);
        var region = Page.GetByRole(AriaRole.Region, new() { Name = app.Name, Exact = true });
        await Expect(region.GetByText("1 token")).ToBeVisibleAsync();
        var second = await InstallAsync(other, http, app);
        await Expect(region.GetByText("2 tokens")).ToBeVisibleAsync();

        await region.GetByRole(AriaRole.Button, new() { Name = "Uninstall", Exact = true }).ClickAsync();
        await ConfirmAsync("Uninstall");
        await Expect(Page.GetByText($"{app.Name} was uninstalled.")).ToBeVisibleAsync();
        await Expect(region).ToBeHiddenAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(http, first));
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(http, second));
    }

    [Fact]
    public async Task Cancel_goes_back_to_the_app_and_installs_nothing()
    {
        var (app, _) = await AppAsync();
        await RegisterAccountAsync($"/oauth/authorize?client_id={app.ClientId}&scope=faqs&state=s");

        await Button("Cancel").ClickAsync();

        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "The app" })).ToBeVisibleAsync();
        Assert.Contains("error=access_denied", Page.Url, StringComparison.Ordinal);
        await Page.GotoAsync("/installed");
        await Expect(Page.GetByText("No app is installed")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Log_in_and_consent_work_without_JavaScript()
    {
        var (app, owner) = await AppAsync();
        await using var context = await Context.Browser!.NewContextAsync(new() { BaseURL = Origin, JavaScriptEnabled = false });
        await context.RouteAsync(
            url => url.StartsWith(Callback, StringComparison.Ordinal),
            route => route.FulfillAsync(new() { ContentType = "text/html", Body = "<h1>The app</h1>" }));
        var page = await context.NewPageAsync();

        await page.GotoAsync($"/oauth/authorize?client_id={app.ClientId}&scope=faqs");
        await page.GetByLabel("Email").FillAsync(owner.Email);
        await page.GetByLabel("Password").FillAsync(Given.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Allow" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "The app" })).ToBeVisibleAsync();
        Assert.Contains("code=", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_apps_owner_adds_a_missing_redirect_uri_from_the_error_page()
    {
        var (app, owner) = await AppAsync();
        await LogInAsync(owner);
        var redirectUri = Uri.EscapeDataString("https://app.example/new");
        await Page.GotoAsync($"/oauth/authorize?client_id={app.ClientId}&scope=faqs&redirect_uri={redirectUri}");
        await Expect(Page.GetByText(Callback, new() { Exact = true })).ToBeVisibleAsync();

        await Button("Add this redirect URI").ClickAsync();

        await Expect(Button("Allow")).ToBeVisibleAsync();
        Expected("400");
    }

    [Fact]
    public async Task Log_out_ends_the_session()
    {
        await RegisterAccountAsync();
        await Page.Locator("summary").ClickAsync();
        await Button("Log out").ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Link, new() { Name = "Log in", Exact = true })).ToBeVisibleAsync();

        await Page.GotoAsync("/installed");
        await Expect(Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/account/login\\?returnUrl=%2Finstalled"));
    }

    private async Task<(GivenApp App, GivenAccount Owner)> AppAsync()
    {
        var owner = await Portal.AccountAsync();
        return (await Portal.AppAsync(owner, Callback), owner);
    }

    private async Task LogInAsync(GivenAccount account)
    {
        await Page.GotoAsync("/account/login");
        await Field("Email").FillAsync(account.Email);
        await Field("Password").FillAsync(Given.Password);
        await Button("Log in").ClickAsync();
        await Expect(Page).ToHaveURLAsync($"{Origin}/apps");
    }

    private async Task<string> InstallAsync(IPage page, HttpClient http, GivenApp app)
    {
        await page.GotoAsync($"/oauth/authorize?client_id={app.ClientId}&scope=widgets&prompt=consent");
        await page.GetByRole(AriaRole.Button, new() { Name = "Allow" }).ClickAsync();
        await page.WaitForURLAsync($"{Callback}?**");
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["client_id"] = app.ClientId,
            ["client_secret"] = app.Secret!,
            ["code"] = QueryHelpers.ParseQuery(new Uri(page.Url).Query)["code"].Single()!,
        });
        var answer = await http.PostAsync($"{Origin}/oauth/token", form);
        return new JsonAnswer(answer, await answer.Content.ReadAsStringAsync())["access_token"]!;
    }

    private async Task<HttpStatusCode> CallAsync(HttpClient http, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Origin}/api/v1/me");
        request.SetBearerToken(token);
        return (await http.SendAsync(request)).StatusCode;
    }
}
