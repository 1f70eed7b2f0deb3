using Microsoft.Playwright;
using Xeno.Portal.Shell;
using Xeno.Portal.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Xeno.Portal.Tests.Journeys;

/// <summary>
/// A developer pastes much more text than people type, by WebSocket and by long polling: what a rule allows is taken, what it does not
/// allow is answered at the field. The page never loses its connection, and never what is in its fields.
/// </summary>
[Trait("Category", "Browser")]
public sealed class LongTextsJourney(Chromium chromium) : BrowserTest(chromium)
{
    // As many redirect URIs as an app may have, each about as long as one may be.
    private static readonly string s_redirectUris = string.Join(
        '\n', Enumerable.Range(10, 20).Select(number => $"https://app.example/{number}?path=".PadRight(2_000, 'x')));

    private int _connections;
    private int _polls;

    [Theory]
    [InlineData("WebSocket")]
    [InlineData("long polling")]
    public async Task Twenty_long_redirect_URIs_are_registered_and_saved(string carrier)
    {
        await ConnectByAsync(carrier);
        await SignInAsync(await Portal.AccountAsync(), DateTimeOffset.UtcNow);
        await Page.GotoAsync("/apps/new");
        await Field("Name").FillAsync("Many long addresses");
        await PasteAsync("Redirect URIs", s_redirectUris);
        await Button("Register app").ClickAsync();

        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Many long addresses", Exact = true })).ToBeVisibleAsync();
        await Expect(Field("Redirect URIs")).ToHaveValueAsync(s_redirectUris);

        var changed = s_redirectUris.Replace('x', 'y');
        await PasteAsync("Redirect URIs", changed);
        await Button("Save changes").ClickAsync();
        await Expect(Page.GetByText("The changes were saved.")).ToBeVisibleAsync();
        await Page.ReloadAsync();
        await Expect(Field("Redirect URIs")).ToHaveValueAsync(changed);
        ShouldHaveStayedConnected(pages: 2, carrier);
    }

    [Theory]
    [InlineData("WebSocket")]
    [InlineData("long polling")]
    public async Task A_description_that_is_far_too_long_is_refused_at_its_field_and_stays_until_it_is_corrected(string carrier)
    {
        await ConnectByAsync(carrier);
        await SignInAsync(await Portal.AccountAsync(), DateTimeOffset.UtcNow);
        await Page.GotoAsync("/apps/new");
        await Field("Name").FillAsync("Much to say");
        await Field("Redirect URIs").FillAsync("https://app.example/callback");
        await RefusedAsync("Register app", 40_000);
        await Field("Description").FillAsync("Now it is short.");
        await Button("Register app").ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Much to say", Exact = true })).ToBeVisibleAsync();

        await RefusedAsync("Save changes", 40_000);
        await Field("Description").FillAsync("And short again.");
        await Button("Save changes").ClickAsync();
        await Expect(Page.GetByText("The changes were saved.")).ToBeVisibleAsync();
        await Page.ReloadAsync();
        await Expect(Field("Description")).ToHaveValueAsync("And short again.");
        ShouldHaveStayedConnected(pages: 2, carrier);
    }

    [Theory]
    [InlineData('א', "WebSocket")]
    [InlineData('\u0001', "WebSocket")] // The one that JSON writes longest.
    [InlineData('א', "long polling")]
    [InlineData('\u0001', "long polling")]
    public async Task A_field_holds_more_than_any_rule_allows_and_what_it_holds_always_fits_into_a_message(char letter, string carrier)
    {
        await ConnectByAsync(carrier);
        await SignInAsync(await Portal.AccountAsync(), DateTimeOffset.UtcNow);
        await Page.GotoAsync("/apps/new");
        await PasteAsync("Description", new string(letter, TypedText.Longest + 500_000));
        await Button("Register app").ClickAsync();

        await Expect(Page.GetByText($"The description has {TypedText.Longest} characters; at most 500 fit.")).ToBeVisibleAsync();
        ShouldHaveStayedConnected(pages: 1, carrier);
    }

    [Fact]
    public async Task A_password_that_is_far_too_long_is_refused_at_its_field()
    {
        var owner = await Portal.AccountAsync();
        var app = await Portal.AppAsync(owner, GivenApps.Callback);
        await SignInAsync(owner, DateTimeOffset.UtcNow.AddMinutes(-11));
        await ConnectByAsync("WebSocket");
        await Page.GotoAsync($"/apps/{app.ClientId}");
        await Button("Reveal").ClickAsync();
        await Dialog.GetByLabel("Password", new() { Exact = true }).FocusAsync();
        await Page.Keyboard.InsertTextAsync(new string('p', 600_000));
        await ConfirmAsync("Continue");

        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await Dialog.GetByLabel("Password", new() { Exact = true }).FillAsync(Given.Password);
        await ConfirmAsync("Continue");
        await Expect(Page.GetByTestId("client-secret")).ToHaveTextAsync(app.Secret!);
        ShouldHaveStayedConnected(pages: 1, "WebSocket");
    }

    private async Task RefusedAsync(string button, int length)
    {
        var text = new string('d', length);
        await PasteAsync("Description", text);
        await Button(button).ClickAsync();
        await Expect(Page.GetByText($"The description has {length} characters; at most 500 fit.")).ToBeVisibleAsync();
        await Expect(Field("Description")).ToHaveValueAsync(text);
    }

    /// <summary>As a paste does, and unlike setting the value: the browser keeps to the field's longest text.</summary>
    private async Task PasteAsync(string label, string text)
    {
        await Field(label).FillAsync("");
        await Field(label).FocusAsync();
        await Page.Keyboard.InsertTextAsync(text);
    }

    /// <summary>A browser without WebSockets polls.</summary>
    private async Task ConnectByAsync(string carrier)
    {
        if (carrier is "long polling")
            await Context.AddInitScriptAsync("delete window.WebSocket");
        Context.Request += (_, request) =>
        {
            _connections += request.Url.Contains("/_blazor/negotiate", StringComparison.Ordinal) ? 1 : 0;
            _polls += request.Url.Contains("/_blazor?id=", StringComparison.Ordinal) ? 1 : 0;
        };
    }

    private void ShouldHaveStayedConnected(int pages, string carrier)
        => Assert.Equal((pages, carrier is "long polling"), (_connections, _polls > 0));
}
