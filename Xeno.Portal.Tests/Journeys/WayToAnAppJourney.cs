using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Xeno.Portal.Tests.Journeys;

/// <summary>What apps do with the way to them in a real browser: a popup, a callback that redirects on, a prefetch.</summary>
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

    /// <summary>
    /// The machine has no program for the scheme, so the browser asks for the address and then stays where it was. A form-action would
    /// stop it before the app's callback, with an error in the console.
    /// </summary>
    [Theory]
    [InlineData("Allow")]
    [InlineData("a log-in with consent remembered")]
    [InlineData("a registration")]
    public async Task A_callback_may_redirect_on_to_a_scheme_of_its_own_after(string way)
    {
        const string done = "xenotest://done";
        var visits = new ConcurrentQueue<string>();
        await using var app = await AppServer.StartAsync(site => site.MapGet("/callback", (HttpRequest request) =>
        {
            visits.Enqueue(request.Query["state"].ToString());
            return Results.Redirect(done + request.QueryString);
        }));
        var account = await Portal.AccountAsync();
        using var http = await Portal.ClientAsync(Origin, account);
        var rp = new RelyingParty(http, await Portal.AppAsync(account, $"{app.Origin}/callback"));

        // Where a test answers for addresses (BrowserTest), Playwright hides requests that no server can answer.
        var asked = Channel.CreateUnbounded<string>();
        var network = await Context.NewCDPSessionAsync(Page);
        await network.SendAsync("Network.enable");
        network.Event("Network.requestWillBeSent").OnEvent += (_, message) =>
        {
            var url = message!.Value.GetProperty("request").GetProperty("url").GetString()!;
            if (url.StartsWith(done, StringComparison.Ordinal))
                asked.Writer.TryWrite(url);
        };

        if (way == "a registration")
        {
            await Page.GotoAsync(rp.AuthorizeUrl(("state", way), ("prompt", "create")));
            await Field("Email").FillAsync($"{Guid.NewGuid():N}@example.com");
            await Field("Password").FillAsync(Given.Password);
            await Field("Confirm password").FillAsync(Given.Password);
            await Button("Create account").ClickAsync();
            await Button("Allow").ClickAsync();
        }
        else
        {
            if (way != "Allow")
                await rp.InstallAsync(http);
            await Page.GotoAsync(rp.AuthorizeUrl(("state", way)));
            await Field("Email").FillAsync(account.Email);
            await Field("Password").FillAsync(Given.Password);
            await Button("Log in").ClickAsync();
            if (way == "Allow")
                await Button("Allow").ClickAsync();
        }

        var url = await asked.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(15));
        var code = new Duende.IdentityModel.Client.AuthorizeResponse(url).Code;
        Assert.Equal(System.Net.HttpStatusCode.OK, (await rp.ExchangeAsync(code)).Status);
        Assert.Equal([way], visits);
        Expected("another host");
    }

    /// <summary>
    /// The account has allowed the app before, so a visit gives a code at once. (Where the browser is driven by a test, Chromium does not
    /// draw a page ahead: it fetches it, and says what for.)
    /// </summary>
    [Theory]
    [InlineData("prefetch", "prefetch")]
    [InlineData("prerender", "prefetch;prerender")]
    public async Task A_speculation_rule_gives_no_code_and_the_click_works(string action, string purpose)
    {
        var visits = new ConcurrentQueue<string>();
        RelyingParty? rp = null;
        await using var app = await AppServer.StartAsync(site =>
        {
            site.MapGet("/", () => AppServer.Page(
                $$"""
                <a href="{{Origin}}{{rp!.AuthorizeUrl()}}">Connect</a>
                <script type="speculationrules">
                {"{{action}}": [{"source": "document", "eagerness": "immediate"}]}
                </script>
                """));
            site.MapGet("/callback", (HttpRequest request) =>
            {
                visits.Enqueue(request.QueryString.ToString());
                return AppServer.Page("<h1>Done</h1>");
            });
        });
        var account = await Portal.AccountAsync();
        using var browser = await Portal.ClientAsync(Origin, account);
        rp = new RelyingParty(browser, await Portal.AppAsync(account, $"{app.Origin}/callback"));
        await rp.InstallAsync(browser);
        await SignInAsync(account);
        using var answered = new AnsweredRequests(Portal);

        await Page.GotoAsync(app.Origin);
        Assert.Equal(purpose, await answered.FirstAsync("/oauth/authorize", "Sec-Purpose"));
        Assert.Empty(visits);
        Assert.Equal(1, await CodesAsync());

        await Link("Connect").ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Done", Exact = true })).ToBeVisibleAsync();
        Assert.Contains("code=", Assert.Single(visits), StringComparison.Ordinal);
        Assert.Equal(2, await CodesAsync());
        Expected("another host");

        Task<int> CodesAsync() => Portal.AskDatabaseAsync(database => database.Tokens.CountAsync(
            token => token.Application!.ClientId == rp.App.ClientId && token.Type == TokenKinds.AuthorizationCode));
    }
}
