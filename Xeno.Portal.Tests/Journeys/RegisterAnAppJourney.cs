using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xeno.Portal.Apps;
using Xeno.Portal.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Xeno.Portal.Tests.Journeys;

/// <summary>A developer: an account, an app, its secret.</summary>
[Trait("Category", "Browser")]
public sealed class RegisterAnAppJourney(Chromium chromium) : BrowserTest(chromium)
{
    [Fact]
    public async Task A_new_developer_registers_an_account_and_an_app()
    {
        await RegisterAccountAsync();
        await Expect(Page).ToHaveURLAsync($"{Origin}/apps");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "No apps yet" })).ToBeVisibleAsync();

        await Link("Register an app").ClickAsync();
        await Field("Name").FillAsync("Harbour Coffee");
        await Field("Redirect URIs").FillAsync("https://app.example/callback\nhttp://127.0.0.1:7000/cb");
        await Field("Homepage URL").FillAsync("https://harbour.example");
        await Button("Register app").ClickAsync();

        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Harbour Coffee" })).ToBeVisibleAsync();
        var clientId = await Page.GetByTestId("client-id").InnerTextAsync();
        Assert.Equal($"{Origin}/apps/{clientId}", Page.Url);
        await Expect(Page.GetByTestId("client-secret")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^xs_[0-9a-f]{64}$"));

        await Link("Apps").ClickAsync();
        await Expect(Link("Harbour Coffee")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_error_is_shown_at_its_field_and_the_input_is_kept()
    {
        await RegisterAccountAsync();
        await Page.GotoAsync("/apps/new");
        await Field("Name").FillAsync("Pаypal"); // with a Cyrillic letter
        await Field("Redirect URIs").FillAsync("http://app.example/callback");
        await Button("Register app").ClickAsync();

        await Expect(Page.GetByText("mixes letters of different alphabets")).ToBeVisibleAsync();
        await Expect(Page.GetByText("Codes must not travel in the clear")).ToBeVisibleAsync();
        await Expect(Field("Redirect URIs")).ToHaveValueAsync("http://app.example/callback");
    }

    [Fact]
    public async Task An_account_with_too_many_apps_is_told_so_and_the_input_is_kept()
    {
        var owner = await Portal.AccountAsync();
        var apps = new List<GivenApp>();
        for (var i = 0; i < 100; i++)
            apps.Add(await Portal.AppAsync(owner, "https://app.example/callback"));
        await SignInAsync(owner);
        await Page.GotoAsync("/apps/new");
        await Field("Name").FillAsync("One more");
        await Field("Redirect URIs").FillAsync("https://app.example/callback");

        await Button("Register app").ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The number of apps of one account is limited to 100.");
        await Expect(Field("Name")).ToHaveValueAsync("One more");
        await Expect(Field("Redirect URIs")).ToHaveValueAsync("https://app.example/callback");

        await Portal.InScopeAsync(services => services.GetRequiredService<AppRegistry>().DeleteAsync(owner.Actor, apps[0].ClientId));
        await Button("Register app").ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "One more" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_secret_is_masked_revealed_rotated_and_the_old_one_removed()
    {
        var clientId = await RegisterAppAsync();
        var first = await Page.GetByTestId("client-secret").InnerTextAsync();

        await Page.ReloadAsync();
        await Expect(Button("Reveal")).ToBeVisibleAsync();
        Assert.DoesNotContain(first, await Page.ContentAsync(), StringComparison.Ordinal);
        await Button("Reveal").ClickAsync();
        await Expect(Page.GetByTestId("client-secret")).ToHaveTextAsync(first);

        await Button("Rotate secret").ClickAsync();
        await ConfirmAsync("Rotate secret");
        await Expect(Page.GetByTestId("client-secret")).Not.ToHaveTextAsync(first);
        var second = await Page.GetByTestId("client-secret").InnerTextAsync();
        Assert.True(await SecretWorksAsync(clientId, first));
        Assert.True(await SecretWorksAsync(clientId, second));

        await Button("Remove old secret").ClickAsync();
        await ConfirmAsync("Remove old secret");
        await Expect(Page.GetByText("The old secret was removed.")).ToBeVisibleAsync();
        Assert.False(await SecretWorksAsync(clientId, first));
        Assert.True(await SecretWorksAsync(clientId, second));
    }

    [Fact]
    public async Task A_secret_is_revealed_only_after_the_password_when_the_sign_in_is_not_fresh()
    {
        var owner = await Portal.AccountAsync();
        var app = await Portal.AppAsync(owner, "https://app.example/callback");
        await SignInAsync(owner, DateTimeOffset.UtcNow.AddMinutes(-11));
        await Page.GotoAsync($"/apps/{app.ClientId}");

        await Button("Reveal").ClickAsync();
        await ConfirmAsync("Cancel");
        await Expect(Dialog).Not.ToBeVisibleAsync();
        Assert.DoesNotContain(app.Secret!, await Page.ContentAsync(), StringComparison.Ordinal);

        await Button("Reveal").ClickAsync();
        await Dialog.GetByLabel("Password").FillAsync("wrong password");
        await ConfirmAsync("Continue");
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        Assert.DoesNotContain(app.Secret!, await Page.ContentAsync(), StringComparison.Ordinal);

        await Dialog.GetByLabel("Password").FillAsync(Given.Password);
        await ConfirmAsync("Continue");
        await Expect(Page.GetByTestId("client-secret")).ToHaveTextAsync(app.Secret!);
    }

    [Fact]
    public async Task An_app_is_edited_and_deleted()
    {
        var clientId = await RegisterAppAsync();
        await Field("Name").FillAsync("Renamed");
        await Button("Save changes").ClickAsync();
        await Expect(Page.GetByText("The changes were saved.")).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Renamed" })).ToBeVisibleAsync();

        await Button("Delete app").ClickAsync();
        await ConfirmAsync("Delete app");
        await Expect(Page).ToHaveURLAsync($"{Origin}/apps");
        Assert.Equal(404, (await Page.GotoAsync($"/apps/{clientId}"))!.Status);
        Expected("404");
    }

    [Fact]
    public async Task A_conflicting_edit_overwrites_nothing_and_keeps_the_input()
    {
        var clientId = await RegisterAppAsync();
        await Field("Name").FillAsync("Changed here first");
        await Button("Save changes").ClickAsync();
        await Expect(Page.GetByText("The changes were saved.")).ToBeVisibleAsync();

        var elsewhere = await Context.NewPageAsync();
        await elsewhere.GotoAsync($"/apps/{clientId}");
        await elsewhere.GetByLabel("Description").FillAsync("Changed elsewhere");
        await elsewhere.GetByRole(AriaRole.Button, new() { Name = "Save changes" }).ClickAsync();
        await Expect(elsewhere.GetByText("The changes were saved.")).ToBeVisibleAsync();

        await Field("Name").FillAsync("Changed here again");
        await Button("Save changes").ClickAsync();
        await Expect(Page.GetByText("changed elsewhere in the meantime")).ToBeVisibleAsync();
        await Expect(Field("Name")).ToHaveValueAsync("Changed here again");
        await Button("Save changes").ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Changed here again" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_app_of_another_account_is_404()
    {
        var clientId = await RegisterAppAsync();
        await Context.ClearCookiesAsync();
        await RegisterAccountAsync();

        Assert.Equal(404, (await Page.GotoAsync($"/apps/{clientId}"))!.Status);
        await Expect(Page.GetByText("There is no such page")).ToBeVisibleAsync();
        Expected("404");
    }

    private async Task<string> RegisterAppAsync()
    {
        await RegisterAccountAsync();
        await Page.GotoAsync("/apps/new");
        await Field("Name").FillAsync("Test app");
        await Field("Redirect URIs").FillAsync("https://app.example/callback");
        await Button("Register app").ClickAsync();
        return await Page.GetByTestId("client-id").InnerTextAsync();
    }

    private async Task<bool> SecretWorksAsync(string clientId, string secret)
    {
        using var http = new HttpClient();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["client_id"] = clientId,
            ["client_secret"] = secret,
            ["token"] = "x",
        });
        return (await http.PostAsync($"{Origin}/oauth/introspect", form)).IsSuccessStatusCode;
    }
}
