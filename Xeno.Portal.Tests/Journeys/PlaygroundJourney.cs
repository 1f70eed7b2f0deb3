using Microsoft.Playwright;
using Xeno.Portal.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Xeno.Portal.Tests.Journeys;

/// <summary>The first minute: the demo account goes through the whole flow.</summary>
[Trait("Category", "Browser")]
public sealed class PlaygroundJourney(Chromium chromium) : BrowserTest(chromium)
{
    [Fact]
    public async Task A_new_developer_sees_the_whole_flow_with_the_demo_app()
    {
        await Page.GotoAsync("/playground");
        await Field("Email").FillAsync("demo@xeno.test");
        await Field("Password").FillAsync("Passw0rd!");
        await Button("Log in").ClickAsync();
        await WalkAsync();

        await Expect(Page.GetByText("\"email\": \"demo@xeno.test\"")).ToBeVisibleAsync();
        await Expect(Page.GetByText("Wholesale")).ToBeVisibleAsync();
        Assert.DoesNotMatch("[0-9a-f]{64}", await Page.ContentAsync());

        await Button("Revoke the token").ClickAsync();
        await Button("Call again").ClickAsync();
        await Expect(Page.GetByText("401", new() { Exact = true })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_button_adds_the_playgrounds_redirect_uri_to_an_own_app()
    {
        await RegisterAccountAsync();
        await Page.GotoAsync("/apps/new");
        await Field("Name").FillAsync("My own app");
        await Field("Redirect URIs").FillAsync("https://app.example/callback");
        await Page.GetByRole(AriaRole.Radio, new() { Name = "Without a secret", Exact = true }).CheckAsync();
        await Button("Register app").ClickAsync();
        var clientId = await Page.GetByTestId("client-id").InnerTextAsync();

        await Page.GotoAsync("/playground");
        await Field("App").ClickAsync();
        await Page.GetByRole(AriaRole.Option, new() { Name = $"My own app ({clientId})", Exact = true }).ClickAsync();
        await Button("Add the playground's redirect URI").ClickAsync();
        await WalkAsync();

        await Expect(Page.GetByText($"\"client_id\": \"{clientId}\"")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_state_of_another_account_stops_the_flow()
    {
        await RegisterAccountAsync();
        await Page.GotoAsync("/playground/callback?code=x&state=forged");

        await Expect(Page.GetByText("A careful app stops here")).ToBeVisibleAsync();
        await Expect(Button("Exchange the code")).ToBeHiddenAsync();
    }

    private async Task WalkAsync()
    {
        await Link("Send me to authorize").ClickAsync();
        await Button("Allow").ClickAsync();
        await Button("Exchange the code").ClickAsync();
        await Button("Call the API").ClickAsync();
    }
}
