using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xeno.Portal.Api;
using Xeno.Portal.Apps;
using Xeno.Portal.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Xeno.Portal.Tests.Journeys;

/// <summary>
/// Somebody has their browser translate the interactive pages, although these ask not to be translated. What each action comes to is shown
/// all the same, and the page goes on. A theory's cases: translated before each act, and at once whenever a text arrives.
/// </summary>
[Trait("Category", "Browser")]
public sealed class TranslatedPagesJourney(Chromium chromium) : BrowserTest(chromium)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Registering_and_editing_an_app_say_what_was_wrong_and_what_was_saved(bool atOnce)
    {
        await Context.TranslateAsync(atOnce);
        await RegisterAccountAsync();
        await Expect(Page.GetByText("No apps yet")).ToBeVisibleAsync();
        await Page.GotoAsync("/apps/new");
        await PressAsync("Register app");
        await ShouldSayAsync("Enter the name that people will see", "Enter at least one redirect URI", "Not registered yet");
        await Field("Name").FillAsync(new string('n', 81));
        await Field("Redirect URIs").FillAsync("http://app.example/callback");
        await PressAsync("Register app");
        await ShouldSayAsync("The name has 81 characters", "Codes must not travel in the clear", "Not registered yet");
        await Expect(Page.GetByText("Enter the name that people will see")).ToBeHiddenAsync();
        await Field("Name").FillAsync("Teapot");
        await Field("Redirect URIs").FillAsync("https://app.example/callback");
        await PressAsync("Register app");
        await Expect(Heading("Teapot")).ToBeVisibleAsync();
        await ShouldSayAsync("Copy the secret now");

        await Field("Name").FillAsync(new string('n', 81));
        await PressAsync("Save changes");
        await ShouldSayAsync("The name has 81 characters", "Not saved yet");
        await Field("Name").FillAsync(new string('n', 82));
        await PressAsync("Save changes");
        await ShouldSayAsync("The name has 82 characters", "Not saved yet");
        await Field("Name").FillAsync("Kettle");
        await Field("Redirect URIs").FillAsync("https://app.example/first\nhttps://app.example/second");
        await PressAsync("Save changes");
        await ShouldSayAsync("The changes were saved.", "redirect_uri=https%3A%2F%2Fapp.example%2Ffirst");
        await Expect(Page.GetByText("Not saved yet")).ToBeHiddenAsync();
        await Expect(Page.GetByText("at most 80 fit")).ToBeHiddenAsync();
        await Expect(Heading("Kettle")).ToBeVisibleAsync();
        await Expect(Page).ToHaveTitleAsync("Kettle · Xeno Portal");

        await PressAsync("Delete app");
        await Expect(Dialog.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Delete Kettle?");
        await Page.TranslateAsync();
        await ConfirmAsync("Delete app");
        await Expect(Page.GetByText("No apps yet")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_secret_is_revealed_rotated_and_hidden_and_the_page_says_so(bool atOnce)
    {
        await Context.TranslateAsync(atOnce);
        var owner = await Portal.AccountAsync();
        var app = await Portal.AppAsync(owner, GivenApps.Callback);
        await SignInAsync(owner, DateTimeOffset.UtcNow.AddMinutes(-11));
        await Page.GotoAsync($"/apps/{app.ClientId}");
        var secret = Page.GetByTestId("client-secret");

        await PressAsync("Reveal");
        foreach (var password in new[] { "wrong password", "wrong again" })
        {
            await Dialog.GetByLabel("Password", new() { Exact = true }).FillAsync(password);
            await Page.TranslateAsync();
            await ConfirmAsync("Continue");
            await Expect(Dialog.GetByLabel("Password", new() { Exact = true })).ToHaveValueAsync("");
            await Expect(Dialog.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        }

        await Dialog.GetByLabel("Password", new() { Exact = true }).FillAsync(Given.Password);
        await Page.TranslateAsync();
        await ConfirmAsync("Continue");
        await Expect(secret).ToHaveTextAsync(app.Secret!);
        await PressAsync("Hide");
        await Expect(secret).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^•+$"));
        await PressAsync("Reveal");
        await Expect(secret).ToHaveTextAsync(app.Secret!);

        for (var rotation = 0; rotation < 2; rotation++)
        {
            var before = await secret.InnerTextAsync();
            await PressAsync("Rotate secret");
            await Page.TranslateAsync();
            await ConfirmAsync("Rotate secret");
            await ShouldSayAsync(
                "The secret was rotated. The old one still works.", "Copy the secret now", "The old secret, replaced just now");
            await Expect(secret).Not.ToHaveTextAsync(before);
            Assert.Equal(await secret.InnerTextAsync(), await Button("Copy Client Secret").GetAttributeAsync("data-copy"));
        }

        await PressAsync("Remove old secret");
        await Page.TranslateAsync();
        await ConfirmAsync("Remove old secret");
        await ShouldSayAsync("The old secret was removed.");
        await Expect(Page.GetByText("The secret was rotated.")).ToBeHiddenAsync();
        await Expect(Page.GetByText("The old secret, replaced")).ToBeHiddenAsync();

        await Page.TranslateAsync();
        await Portal.InScopeAsync(services => services.GetRequiredService<AppRegistry>().DeleteAsync(owner.Actor, app.ClientId));
        await Field("Name").FillAsync("Gone");
        await PressAsync("Save changes");
        await Expect(Heading("There is no such app")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Installed_apps_show_what_was_revoked_uninstalled_and_installed_elsewhere(bool atOnce)
    {
        await Context.TranslateAsync(atOnce);
        var (owner, account) = (await Portal.AccountAsync(), await Portal.AccountAsync());
        using var http = new HttpClient { BaseAddress = new Uri(Origin) };
        var first = new RelyingParty(http, await Portal.NamedAppAsync(owner, "Apple"));
        var second = new RelyingParty(http, await Portal.NamedAppAsync(owner, "Banana"));
        using var elsewhere = await ElsewhereAsync(account);
        await SignInAsync(account);
        await Page.GotoAsync("/installed");
        await Expect(Page.GetByText("No app is installed")).ToBeVisibleAsync();
        await Page.TranslateAsync();
        await first.InstallAsync(elsewhere);
        await Expect(Region("Apple").GetByText("1 token")).ToBeVisibleAsync();
        await Page.TranslateAsync();
        await second.InstallAsync(elsewhere);
        await Expect(Region("Banana").GetByText("1 token")).ToBeVisibleAsync();
        await Page.TranslateAsync();
        var used = await first.InstallAsync(elsewhere);
        await Expect(Region("Apple").GetByText("2 tokens")).ToBeVisibleAsync();
        await Page.TranslateAsync();
        await Portal.InScopeAsync(services => services.GetRequiredService<AppRegistry>().EditAsync(
            owner.Actor, first.App.ClientId,
            new AppForm { Name = "Cherry", RedirectUris = GivenApps.Callback, HomepageUrl = "https://app.example/" }));
        await first.CallAsync(used);
        await Portal.Services.GetRequiredService<TokenUse>().FlushAsync();
        await first.InstallAsync(elsewhere);
        await Expect(Region("Cherry").GetByText("3 tokens")).ToBeVisibleAsync();
        await Expect(Region("Cherry").GetByRole(AriaRole.Heading, new() { Name = "Cherry", Exact = true })).ToBeVisibleAsync();
        await Expect(Region("Cherry").GetByText("homepage")).ToBeVisibleAsync();
        await Expect(Region("Cherry").GetByText("· last used just now")).ToBeVisibleAsync();
        await Expect(Region("Cherry").GetByRole(AriaRole.Listitem).Filter(new() { HasText = ", last used just now" })).ToHaveCountAsync(1);

        foreach (var (tokens, message) in new[] { ("2 tokens", "The token was revoked."), ("1 token", "The token was revoked.") })
        {
            await PressAsync(Region("Cherry"), "Revoke");
            await Page.TranslateAsync();
            await ConfirmAsync("Revoke");
            await ShouldSayAsync(message);
            await Expect(Region("Cherry").GetByText(tokens)).ToBeVisibleAsync();
        }

        await PressAsync(Region("Cherry"), "Revoke");
        await Expect(Dialog.GetByText("It is the app's last one")).ToBeVisibleAsync();
        await Page.TranslateAsync();
        await ConfirmAsync("Revoke");
        await ShouldSayAsync("The token was revoked, and Cherry with it uninstalled.");
        await Expect(Region("Cherry")).ToBeHiddenAsync();
        await PressAsync(Region("Banana"), "Uninstall");
        await Page.TranslateAsync();
        await ConfirmAsync("Uninstall");
        await ShouldSayAsync("Banana was uninstalled.", "No app is installed");
        await PressAsync("Close");
        await Expect(Page.GetByText("Banana was uninstalled.")).ToBeHiddenAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_playground_shows_each_choice_and_each_answer(bool atOnce)
    {
        await Context.TranslateAsync(atOnce);
        var owner = await Portal.AccountAsync();
        var bare = await Portal.NamedAppAsync(owner, "Bare");
        var other = await Portal.NamedAppAsync(owner, "Other");
        await SignInAsync(owner);
        await Page.GotoAsync("/playground");
        foreach (var app in new[] { bare, other, bare })
        {
            await Page.TranslateAsync();
            await Field("App").ClickAsync();
            await Page.TranslateAsync();
            await Page.GetByRole(AriaRole.Option, new() { Name = $"{app.Name} ({app.ClientId})", Exact = true }).ClickAsync();
            await ShouldSayAsync($"and {app.Name} does not have the playground's address");
        }

        await PressAsync("Add the playground's redirect URI");
        await ShouldSayAsync("scope=widgets%20contacts");
        await ChooseAsync("widgets");
        await ShouldSayAsync("scope=contacts");
        await ChooseAsync("contacts");
        await ShouldSayAsync("Choose at least one scope.");
        await ChooseAsync("contacts");
        await ShouldSayAsync("scope=contacts");
        await Link("Send me to authorize").ClickAsync();
        await Button("Allow").ClickAsync();
        await PressAsync("Exchange the code");
        await ShouldSayAsync("4. The code becomes a token");
        await PressAsync("Call the API");
        await ShouldSayAsync("5. The token opens the API", $"\"email\": \"{owner.Email}\"");
        await PressAsync("Revoke the token");
        await ShouldSayAsync("6. The token is revoked");
        await PressAsync("Call again");
        await ShouldSayAsync("The very next call is refused, and says why.");
        await Expect(Page.GetByText("401", new() { Exact = true })).ToBeVisibleAsync();
        await Link("Start again").ClickAsync();
        await Expect(Heading("Playground")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_original_comes_back_when_the_reader_asks_for_it()
    {
        await Context.TranslateAsync(atOnce: false);
        var owner = await Portal.AccountAsync();
        var app = await Portal.AppAsync(owner, GivenApps.Callback);
        await SignInAsync(owner);
        await Page.GotoAsync($"/apps/{app.ClientId}");
        await Expect(Heading(app.Name)).ToBeVisibleAsync();
        var original = await Region("Settings").TextContentAsync();
        await Field("Name").FillAsync("Kettle");
        await PressAsync("Save changes");
        await ShouldSayAsync("The changes were saved.");
        await Page.TranslateAsync();
        await Field("Name").FillAsync(app.Name);
        await PressAsync("Save changes");
        await Expect(Heading(app.Name)).ToBeVisibleAsync();
        await Page.TranslateAsync();
        await Expect(Page.Locator("font")).Not.ToHaveCountAsync(0);

        await Page.ShowOriginalAsync();
        await Button("Close").ClickAsync();

        await Expect(Page.GetByText("The changes were saved.")).ToBeHiddenAsync();
        await Expect(Page.Locator("font")).ToHaveCountAsync(0);
        Assert.Equal(original, await Region("Settings").TextContentAsync());
    }

    private ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true });

    private ILocator Region(string name) => Page.GetByRole(AriaRole.Region, new() { Name = name, Exact = true });

    private async Task PressAsync(string button)
    {
        await Expect(Button(button)).ToBeEnabledAsync();
        await Page.TranslateAsync();
        await Button(button).ClickAsync();
    }

    private async Task PressAsync(ILocator region, string button)
    {
        await Page.TranslateAsync();
        await region.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).First.ClickAsync();
    }

    private async Task ChooseAsync(string scope)
    {
        await Page.TranslateAsync();
        await Page.GetByRole(AriaRole.Checkbox, new() { Name = scope }).ClickAsync();
    }

    private async Task ShouldSayAsync(params string[] texts)
    {
        foreach (var text in texts)
            await Expect(Page.GetByText(text).First).ToBeVisibleAsync();
    }
}
