using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using Xeno.Portal.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Xeno.Portal.Tests.Journeys;

/// <summary>What apps do with the way to them in a real browser: a popup, and a callback that redirects on.</summary>
[Trait("Category", "Browser")]
public sealed class WayToAnAppJourney(Chromium chromium) : BrowserTest(chromium)
{
    [Fact]
    public async Task An_app_gets_its_answer_from_a_popup()
    {
        RelyingParty? rp = null;
        await using var app = await AppServer.StartAsync(site =>
        {
            site.MapGet("/", () => AppServer.Page(
                $"<button onclick=\"window.open('{Origin}{rp!.AuthorizeUrl(("state", "xyz"))}')\">Connect</button>"
                + "<p id=answer></p><script>onmessage = e => document.getElementById('answer').textContent = e.data</script>"));
            site.MapGet("/callback", () => AppServer.Page("<script>opener.postMessage(location.search, '*'); close()</script>"));
        });
        var owner = await Portal.AccountAsync();
        rp = new RelyingParty(Portal, await Portal.AppAsync(owner, $"{app.Origin}/callback"));

        await Page.GotoAsync(app.Origin);
        var popup = await Page.RunAndWaitForPopupAsync(() => Button("Connect").ClickAsync());
        await popup.GetByLabel("Email", new() { Exact = true }).FillAsync(owner.Email);
        await popup.GetByLabel("Password", new() { Exact = true }).FillAsync(Given.Password);
        await popup.GetByRole(AriaRole.Button, new() { Name = "Log in", Exact = true }).ClickAsync();
        await popup.GetByRole(AriaRole.Button, new() { Name = "Allow", Exact = true }).ClickAsync();

        await Expect(Page.Locator("#answer")).ToContainTextAsync("state=xyz");
        await Expect(Page.Locator("#answer")).ToContainTextAsync("code=");
        Expected("another host");
    }

    [Fact]
    public async Task A_callback_may_redirect_on_to_another_host_after_Allow_and_after_a_log_in_with_consent_remembered()
    {
        await using var app = await AppServer.StartAsync(site =>
        {
            site.MapGet("/callback", (HttpRequest request)
                => Results.Redirect($"http://localhost:{request.Host.Port}/done{request.QueryString}"));
            site.MapGet("/done", () => AppServer.Page("<h1>Done</h1>"));
        });
        var owner = await Portal.AccountAsync();
        using var http = new HttpClient { BaseAddress = new Uri(Origin) };
        var rp = new RelyingParty(http, await Portal.AppAsync(owner, $"{app.Origin}/callback"));
        var done = Page.GetByRole(AriaRole.Heading, new() { Name = "Done", Exact = true });

        await LogInAsync();
        await Button("Allow").ClickAsync();
        await Expect(done).ToBeVisibleAsync();
        await rp.ExchangeAsync(new Duende.IdentityModel.Client.AuthorizeResponse(Page.Url).Code);

        await Context.ClearCookiesAsync();
        await LogInAsync();
        await Expect(done).ToBeVisibleAsync();
        Expected("another host");

        async Task LogInAsync()
        {
            await Page.GotoAsync(rp.AuthorizeUrl());
            await Field("Email").FillAsync(owner.Email);
            await Field("Password").FillAsync(Given.Password);
            await Button("Log in").ClickAsync();
        }
    }
}
