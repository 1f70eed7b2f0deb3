using Microsoft.Playwright;
using Xeno.Portal.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Xeno.Portal.Tests.Journeys;

/// <summary>Every page, in light and dark, on a phone and on a desktop: axe finds nothing, and nothing scrolls sideways.</summary>
[Trait("Category", "Browser")]
public sealed class AccessibilityJourney(Chromium chromium) : BrowserTest(chromium)
{
    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Pages_are_accessible_and_fit_the_screen(int width, ColorScheme scheme)
    {
        await Page.SetViewportSizeAsync(width, 844);
        await Page.EmulateMediaAsync(new() { ColorScheme = scheme });
        foreach (var page in (string[])["/", "/account/login", "/account/register", "/docs", "/docs/errors"])
        {
            await Page.GotoAsync(page);
            await ShouldFitAsync(width);
        }

        await RegisterAccountAsync();
        await Page.GotoAsync("/apps/new");
        await Field("Name").FillAsync("An app whose name is as long as a name may be, which is eighty characters, no more");
        await Field("Name").FillAsync("An app whose name is as long as a name may be: eighty characters and not one more"[..80]);
        await Field("Redirect URIs").FillAsync("https://app.example/callback/" + new string('x', 200));
        await ShouldFitAsync(width);
        await Button("Register app").ClickAsync();
        await Expect(Page.GetByTestId("client-secret")).ToBeVisibleAsync();
        await ShouldFitAsync(width);
        var clientId = await Page.GetByTestId("client-id").InnerTextAsync();

        await Page.GotoAsync($"/oauth/authorize?client_id={clientId}&scope=widgets%20faqs%20contacts%20conversations");
        await ShouldFitAsync(width);
        var elsewhere = $"https%3A%2F%2Fother.example%2F{new string('y', 200)}";
        await Page.GotoAsync($"/oauth/authorize?client_id={clientId}&scope=widgets&redirect_uri={elsewhere}");
        await ShouldFitAsync(width);
        Expected("400");

        var address = $"/apps/{clientId}";
        await Page.GotoAsync("/playground");
        await Expect(Field("App")).ToBeVisibleAsync();
        await ShouldFitAsync(width);
        await Page.GotoAsync("/apps");
        await Expect(Page.Locator($"a[href='{address}']")).ToBeVisibleAsync();
        await ShouldFitAsync(width);
        await Page.GotoAsync("/installed");
        await Expect(Page.GetByText("No app is installed")).ToBeVisibleAsync();
        await ShouldFitAsync(width);
        foreach (var page in (string[])["", "/password", "/sessions", "/activity"])
        {
            await Page.GotoAsync($"/account/manage{page}");
            await ShouldFitAsync(width);
        }

        await Page.GotoAsync("/account/logout");
        await ShouldFitAsync(width);
    }

    [Fact]
    public async Task A_dialog_is_accessible_and_closes_by_Escape()
    {
        await RegisterAccountAsync();
        await Page.GotoAsync("/apps/new");
        await Field("Name").FillAsync("Test app");
        await Field("Redirect URIs").FillAsync("https://app.example/callback");
        await Button("Register app").ClickAsync();
        await Button("Delete app").ClickAsync();
        await Expect(Dialog).ToBeVisibleAsync();
        await Expect(Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete app" })).ToBeVisibleAsync();
        await ShouldBeAccessibleAsync();

        await Page.Keyboard.PressAsync("Escape");
        await Expect(Dialog).ToBeHiddenAsync();
    }

    [Fact]
    public async Task The_chosen_theme_is_kept()
    {
        await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await Page.GotoAsync("/");
        await Button("Switch between light and dark").ClickAsync();
        await Page.GotoAsync("/docs");

        await Expect(Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
    }

    [Fact]
    public async Task Sign_in_and_consent_pages_are_light()
    {
        var app = await Portal.AppAsync(await Portal.AccountAsync(), "https://app.example/callback");
        await ShouldBeLightAsync("/account/login");
        await ShouldBeLightAsync("/account/register");
        await RegisterAccountAsync();
        await ShouldBeLightAsync($"/oauth/authorize?client_id={app.ClientId}&scope=widgets%20faqs%20contacts%20conversations");
        await Expect(Button("Allow")).ToBeVisibleAsync();
    }

    /// <summary>Asserts that the page and all it loads are under 100 kB with an empty cache.</summary>
    private async Task ShouldBeLightAsync(string address)
    {
        var page = await Context.NewPageAsync();
        var responses = new List<IResponse>();
        page.Response += (_, response) => responses.Add(response);
        await page.GotoAsync(address, new() { WaitUntil = WaitUntilState.NetworkIdle });

        var sizes = await Task.WhenAll(responses.Select(async response => (await response.BodyAsync()).Length));
        Assert.InRange(sizes.Sum(), 1, 100_000);
        Assert.Equal(0, await page.Locator("script[src*=blazor], script[src*=MudBlazor], link[href*=MudBlazor]").CountAsync());
        await page.CloseAsync();
        await Page.GotoAsync(address);
    }
}
