using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xeno.Portal.Limits;
using Xeno.Portal.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Xeno.Portal.Tests.Journeys;

/// <summary>Somebody opens more pages than one account may, in a real browser, by WebSocket and by long polling.</summary>
[Trait("Category", "Browser")]
public sealed class OpenPagesJourney(Chromium chromium)
    : BrowserTest(chromium, new PortalServer(portal => portal.Settings["RateLimits:OpenPagesPerAccount"] = "2"))
{
    private int _polls;

    [Theory]
    [InlineData("WebSocket")]
    [InlineData("long polling")]
    public async Task A_page_too_many_is_refused_until_another_is_left_and_no_reload_keeps_a_place(string carrier)
    {
        await ConnectByAsync(carrier);
        await RegisterAccountAsync();
        await OpenAsync(Page);
        for (var i = 0; i < 3; i++)
        {
            await Page.ReloadAsync();
            await Expect(Drawn(Page)).ToBeVisibleAsync();
        }

        await UntilCountAsync(1);
        var second = await OpenAsync(await Context.NewPageAsync());
        var third = await Context.NewPageAsync();
        await third.GotoAsync("/installed");
        await Expect(Heading(third, "Too many pages are open")).ToBeVisibleAsync();

        await second.GotoAsync("/docs");
        await UntilCountAsync(1);
        await third.GetByRole(AriaRole.Link, new() { Name = "Reload", Exact = true }).ClickAsync();
        await Expect(Drawn(third)).ToBeVisibleAsync();

        await Page.GotoAsync("/docs");
        await third.GotoAsync("/docs");
        await UntilCountAsync(0);
        Assert.Equal(carrier is "long polling", _polls > 0);
        Expected("429");
    }

    [Theory]
    [InlineData("WebSocket")]
    [InlineData("long polling")]
    public async Task A_page_that_loses_its_connection_goes_on_although_there_is_no_room_for_another(string carrier)
    {
        await ConnectByAsync(carrier);
        await RegisterAccountAsync();
        await Page.GotoAsync("/apps/new");
        await Field("Name").FillAsync("Written before the connection was lost");
        await OpenAsync(await Context.NewPageAsync());

        await Page.EvaluateAsync("Blazor._internal.forceCloseConnection()");
        await Expect(Page.Locator("#components-reconnect-modal")).ToBeHiddenAsync();
        await Button("Register app").ClickAsync();

        await Expect(Page.GetByText("Enter at least one redirect URI")).ToBeVisibleAsync();
        await Expect(Field("Name")).ToHaveValueAsync("Written before the connection was lost");
        await UntilCountAsync(2);
        Assert.Equal(carrier is "long polling", _polls > 0);
        Expected("404"); // What the page was still sending by the connection that it lost.
    }

    [Fact]
    public async Task A_page_whose_place_was_taken_while_it_loaded_says_so()
    {
        await RegisterAccountAsync();
        await OpenAsync(Page);
        var late = await Context.NewPageAsync();
        var others = new TaskCompletionSource();
        await late.RouteAsync("**/_blazor/negotiate*", async route =>
        {
            await others.Task;
            await route.ContinueAsync();
        });
        await late.GotoAsync("/installed");
        await OpenAsync(await Context.NewPageAsync());

        others.SetResult();
        await Expect(late.GetByText("This page cannot go on.")).ToBeVisibleAsync();
        await late.GetByRole(AriaRole.Link, new() { Name = "Reload", Exact = true }).ClickAsync();

        await Expect(Heading(late, "Too many pages are open")).ToBeVisibleAsync();
        Expected("429");
        Expected("Circuit host not initialized");
        Expected("Invocation canceled");
        Expected(CircuitLimit.TooMany);
    }

    /// <summary>A browser without WebSockets polls.</summary>
    private async Task ConnectByAsync(string carrier)
    {
        if (carrier is "long polling")
            await Context.AddInitScriptAsync("delete window.WebSocket");
        Context.Request += (_, request) => _polls += request.Url.Contains("/_blazor?id=", StringComparison.Ordinal) ? 1 : 0;
    }

    private static async Task<IPage> OpenAsync(IPage page)
    {
        await page.GotoAsync("/installed");
        await Expect(Drawn(page)).ToBeVisibleAsync();
        return page;
    }

    private static ILocator Drawn(IPage page) => page.GetByText("No app is installed");

    private static ILocator Heading(IPage page, string name) => page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true });

    /// <summary>The server learns that a page was left a moment after the browser has left it.</summary>
    private async Task UntilCountAsync(int pages)
    {
        var open = Portal.Services.GetRequiredService<OpenPages>();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (open.Count != (pages, 0))
        {
            Assert.False(patience.IsCancellationRequested, $"The count stays at {open.Count}.");
            await Task.Yield();
        }
    }
}
