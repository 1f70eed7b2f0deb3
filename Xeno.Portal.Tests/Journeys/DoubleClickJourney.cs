using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Xeno.Portal.Data.History;
using Xeno.Portal.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Xeno.Portal.Tests.Journeys;

/// <summary>
/// A button is pressed twice over a line with 600 ms from question to answer: the second press arrives before the reader has seen anything
/// of the first, and does nothing.
/// </summary>
[Trait("Category", "Browser")]
public sealed class DoubleClickJourney(Chromium chromium) : BrowserTest(chromium)
{
    private SlowLine _line = null!;
    private int _forms;

    protected override string Origin => _line.Origin;

    public override async ValueTask InitializeAsync()
    {
        _line = SlowLine.To(Portal.Origin, TimeSpan.FromMilliseconds(600));
        await base.InitializeAsync();
        Page.Request += (_, request) => _forms += request is { Method: "POST", IsNavigationRequest: true } ? 1 : 0;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _line.DisposeAsync();
    }

    [Fact]
    public async Task Create_account_and_Log_out_and_Log_in()
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        await Page.GotoAsync("/account/register?returnUrl=%2Fdocs");
        await Field("Email").FillAsync(email);
        await Field("Password").FillAsync(Given.Password);
        await Field("Confirm password").FillAsync(Given.Password);
        await PressTwiceAsync(Button("Create account"));
        await Expect(Page).ToHaveURLAsync($"{Origin}/docs");
        Assert.Equal((1, 1), (_forms, await SessionsAsync(email)));

        await Page.GotoAsync("/account/logout");
        await PressTwiceAsync(Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Log out" }));
        await Expect(Page).ToHaveURLAsync($"{Origin}/");
        Assert.Equal(1, _forms);

        await Page.GotoAsync("/account/login?returnUrl=%2Fdocs");
        await Field("Email").FillAsync(email);
        await Field("Password").FillAsync(Given.Password);
        await PressTwiceAsync(Button("Log in"));
        await Expect(Page).ToHaveURLAsync($"{Origin}/docs");
        Assert.Equal((1, 1), (_forms, await SessionsAsync(email)));
    }

    [Fact]
    public async Task Without_scripts_Create_account_signs_in_too()
    {
        await using var withoutScripts = await Context.Browser!.NewContextAsync(new() { BaseURL = Origin, JavaScriptEnabled = false });
        var page = await withoutScripts.NewPageAsync();
        await page.GotoAsync("/account/register?returnUrl=%2Fdocs");
        await page.GetByLabel("Email", new() { Exact = true }).FillAsync($"{Guid.NewGuid():N}@example.com");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Given.Password);
        await page.GetByLabel("Confirm password", new() { Exact = true }).FillAsync(Given.Password);

        await PressTwiceAsync(page.GetByRole(AriaRole.Button, new() { Name = "Create account" }));

        await Expect(page).ToHaveURLAsync($"{Origin}/docs");
    }

    [Fact]
    public async Task Allow()
    {
        var rp = new RelyingParty(Portal, await Portal.AppAsync(await Portal.AccountAsync(), GivenApps.Callback));
        var account = await SignedInAsync();

        await Page.GotoAsync(rp.AuthorizeUrl());
        await PressTwiceAsync(Button("Allow"));

        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "The app" })).ToBeVisibleAsync();
        Assert.Equal((1, 1), (_forms, await EntriesAsync(account, HistoryKinds.AppAllowed)));
    }

    [Fact]
    public async Task A_form_works_again_after_the_browser_came_back_to_it()
    {
        var rp = new RelyingParty(Portal, await Portal.AppAsync(await Portal.AccountAsync(), GivenApps.Callback));
        await SignedInAsync();
        await Page.GotoAsync(rp.AuthorizeUrl());
        await Button("Allow").ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "The app" })).ToBeVisibleAsync();

        await Page.GoBackAsync();
        await Button("Cancel").ClickAsync();

        await Expect(Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("error=access_denied"));
    }

    [Fact]
    public async Task Register_app_and_Save_changes_and_Rotate_secret()
    {
        var account = await SignedInAsync();
        await Page.GotoAsync("/apps/new");
        await Field("Name").FillAsync("Pressed twice");
        await Field("Redirect URIs").FillAsync(GivenApps.Callback);
        await Button("Register app").DblClickAsync();
        await Expect(Page.GetByTestId("client-id")).ToBeVisibleAsync();
        Assert.Equal(1, await Portal.AskDatabaseAsync(database => database.Apps.CountAsync(app => app.OwnerId == account.Id)));

        await Field("Name").FillAsync("Pressed twice again");
        await Button("Save changes").DblClickAsync();
        await Expect(Page.GetByText("The changes were saved.")).ToBeVisibleAsync();
        Assert.Equal(1, await EntriesAsync(account, HistoryKinds.AppEdited));

        await Button("Rotate secret").DblClickAsync();
        await Expect(Dialog).ToHaveCountAsync(1);
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Rotate secret", Exact = true }).DblClickAsync();
        await Expect(Dialog).ToHaveCountAsync(0);
        await Expect(Page.GetByTestId("client-secret").First)
            .ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^xs_[0-9a-f]{64}$"));
        Assert.Equal(1, await EntriesAsync(account, HistoryKinds.SecretRotated));
    }

    [Fact]
    public async Task A_press_counts_once_the_end_of_the_one_before_is_shown()
    {
        var account = await SignedInAsync();
        var app = await Portal.AppAsync(account, GivenApps.Callback);
        await Page.GotoAsync($"/apps/{app.ClientId}");
        for (var i = 0; i < 3; i++)
        {
            await Field("Name").FillAsync($"Name {i}");
            await Button("Save changes").ClickAsync();
            await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = $"Name {i}", Exact = true })).ToBeVisibleAsync();
        }

        Assert.Equal(3, await EntriesAsync(account, HistoryKinds.AppEdited));
    }

    /// <summary>Presses the button of a form again when the form is on its way.</summary>
    private async Task PressTwiceAsync(ILocator button)
    {
        _forms = 0;
        var place = (await button.BoundingBoxAsync())!;
        var (x, y) = (place.X + (place.Width / 2), place.Y + (place.Height / 2));
        await button.Page.RunAndWaitForRequestAsync(() => button.Page.Mouse.ClickAsync(x, y), request => request.Method == "POST");
        await button.Page.Mouse.ClickAsync(x, y);
    }

    private async Task<GivenAccount> SignedInAsync()
    {
        var account = await Portal.AccountAsync();
        await SignInAsync(account);
        return account;
    }

    private Task<int> EntriesAsync(GivenAccount account, HistoryKind kind) => Portal.AskDatabaseAsync(
        database => database.History.CountAsync(entry => entry.AccountId == account.Id && entry.Kind == kind.Name));

    private Task<int> SessionsAsync(string email) => Portal.AskDatabaseAsync(
        database => database.Sessions.CountAsync(session => database.Users.Any(a => a.Email == email && a.Id == session.AccountId)));
}
