using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Playwright;
using Xeno.Portal.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Xeno.Portal.Tests.Journeys;

/// <summary>
/// A name that is read from right to left, with a mark at its end: Chromium draws that mark at the name's left, and what follows the name
/// in an English sentence at its right.
/// </summary>
[Trait("Category", "Browser")]
public sealed class HebrewNameJourney(Chromium chromium) : BrowserTest(chromium)
{
    private const string Name = "קפה!";

    [Fact]
    public async Task A_Hebrew_name_leaves_the_text_around_it_where_it_is()
    {
        await RegisterAccountAsync();
        await Page.GotoAsync("/apps/new");
        await Field("Name").FillAsync(Name);
        await Field("Redirect URIs").FillAsync(GivenApps.Callback);
        await Button("Register app").ClickAsync();
        var clientId = await Page.GetByTestId("client-id").InnerTextAsync();
        var secret = await Page.GetByTestId("client-secret").InnerTextAsync();
        await ShouldBeIsolatedAsync(Page.Locator("h1"), Name);
        await Expect(Page).ToHaveTitleAsync($"{Name} · Xeno Portal");

        await Button("Delete app").ClickAsync();
        await ShouldBeIsolatedAsync(Dialog.GetByRole(AriaRole.Heading), $"Delete {Name}?");
        await ConfirmAsync("Cancel");
        await Link("Apps").ClickAsync();
        await ShouldBeIsolatedAsync(Link(Name), Name);
        await Link("Playground").ClickAsync();
        await Page.GetByRole(AriaRole.Combobox, new() { Name = "App" }).ClickAsync();
        var option = Page.GetByRole(AriaRole.Option, new() { Name = $"{Name} ({clientId})", Exact = true });
        await ShouldBeIsolatedAsync(option, $"{Name} ({clientId})");
        await option.ClickAsync();
        await ShouldBeIsolatedAsync(Page.GetByText("does not have the playground"), $"and {Name} does not have");
        await Expect(Page.GetByRole(AriaRole.Combobox, new() { Name = "App" })).ToHaveValueAsync($"\u2068{Name}\u2069 ({clientId})");

        using var http = new HttpClient { BaseAddress = new Uri(Origin) };
        var rp = new RelyingParty(http, new GivenApp(clientId, secret, Name));
        await InstallAsync(rp);
        await InstallAsync(rp);
        await Page.GotoAsync("/installed");
        var region = Page.GetByRole(AriaRole.Region, new() { Name = Name, Exact = true });
        await ShouldBeIsolatedAsync(region.GetByRole(AriaRole.Heading, new() { Level = 2 }), Name);
        await region.GetByRole(AriaRole.Button, new() { Name = "Revoke", Exact = true }).First.ClickAsync();
        await ShouldBeIsolatedAsync(Dialog.GetByText("stops working at once"), $" of {Name} stops working at once. The app keeps");
        await ConfirmAsync("Cancel");

        await region.GetByRole(AriaRole.Button, new() { Name = "Uninstall", Exact = true }).ClickAsync();
        await ShouldBeIsolatedAsync(
            Page.GetByRole(AriaRole.Dialog, new() { Name = $"Uninstall {Name}?", Exact = true }).GetByRole(AriaRole.Heading),
            $"Uninstall {Name}?");
        await ConfirmAsync("Uninstall");
        await ShouldBeIsolatedAsync(Page.GetByText($"{Name} was uninstalled.", new() { Exact = true }), $"{Name} was uninstalled.");
    }

    private async Task InstallAsync(RelyingParty rp)
    {
        await Page.GotoAsync(rp.AuthorizeUrl(("prompt", "consent")));
        await Expect(Button("Allow")).ToBeVisibleAsync();
        await ShouldBeIsolatedAsync(Page.Locator("h1"), $" {Name}?");
        await Button("Allow").ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "The app" })).ToBeVisibleAsync();
        var code = QueryHelpers.ParseQuery(new Uri(Page.Url).Query)["code"].ToString();
        Assert.NotNull((await rp.ExchangeAsync(code))["access_token"]);
    }

    /// <summary>Asserts that the element has that text, and that it draws the name on its own: its last character at its left.</summary>
    private static async Task ShouldBeIsolatedAsync(ILocator element, string text)
    {
        await Expect(element).ToContainTextAsync(text);
        var places = await element.EvaluateAsync<double[]>("""
            (element, name) => {
                const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
                const drawn = [];
                while (walker.nextNode())
                    for (let at = 0; at < walker.currentNode.length; at++) {
                        const range = document.createRange();
                        range.setStart(walker.currentNode, at);
                        range.setEnd(walker.currentNode, at + 1);
                        drawn.push([walker.currentNode.data[at], range.getBoundingClientRect().left]);
                    }
                const start = drawn.map(c => c[0]).join('').indexOf(name);
                return drawn.slice(start, start + name.length).map(c => c[1]);
            }
            """, Name);
        Assert.Equal(places.OrderDescending(), places); // From right to left, to the last character.
    }
}
