using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xeno.Portal.Sessions;
using Xeno.Portal.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Xeno.Portal.Tests.Journeys;

/// <summary>What an open page can still do when its session has ended: nothing.</summary>
[Trait("Category", "Browser")]
public sealed partial class SessionJourney(Chromium chromium) : BrowserTest(chromium)
{
    [Fact]
    public async Task An_open_page_leads_to_the_log_in_page_when_another_tab_logs_out()
    {
        await RegisterAccountAsync("/apps/new");
        await Expect(Button("Register app")).ToBeVisibleAsync();
        var other = await Context.NewPageAsync();
        await other.GotoAsync("/account/logout");
        await other.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Log out" }).ClickAsync();

        await Expect(Page).ToHaveURLAsync(LogInPage());
        await Expect(Button("Log in")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_act_on_a_page_whose_session_ended_does_nothing_and_leads_to_the_log_in_page()
    {
        var (owner, app) = await OpenAppPageAsync();
        await Button("Rotate secret").ClickAsync();
        await Expect(Dialog).ToBeVisibleAsync();

        // Without a notice, as when it ends on another node a moment before the click.
        await Portal.AskDatabaseAsync(database => database.Sessions.Where(row => row.AccountId == owner.Id).ExecuteDeleteAsync());
        await ConfirmAsync("Rotate secret");

        await Expect(Page).ToHaveURLAsync(LogInPage());
        Assert.Null(await Portal.AskDatabaseAsync(database
            => database.Apps.Where(row => row.ClientId == app.ClientId).Select(row => row.SecretRotatedAt).SingleAsync()));
    }

    [Fact]
    public async Task An_act_that_needs_no_proof_does_nothing_either()
    {
        var (owner, app) = await OpenAppPageAsync();
        await Field("Name").FillAsync("Renamed");
        await Portal.AskDatabaseAsync(database => database.Sessions.Where(row => row.AccountId == owner.Id).ExecuteDeleteAsync());
        await Button("Save changes").ClickAsync();

        await Expect(Page).ToHaveURLAsync(LogInPage());
        Assert.Equal(app.Name, await Portal.AskDatabaseAsync(database
            => database.Apps.Where(row => row.ClientId == app.ClientId).Select(row => row.DisplayName).SingleAsync()));
    }

    [Fact]
    public async Task An_open_page_of_a_session_that_is_ended_by_the_account_leads_to_the_log_in_page()
    {
        var (owner, _) = await OpenAppPageAsync();
        var sessions = Portal.Services.GetRequiredService<AccountSessions>();

        await sessions.EndOthersAsync(owner.Actor);

        await Expect(Page).ToHaveURLAsync(LogInPage(), new() { Timeout = 5_000 });
    }

    [Fact]
    public async Task The_static_page_that_asks_for_the_password_is_accessible_and_leads_on()
    {
        var (owner, app) = await OpenAppPageAsync();
        await Page.GotoAsync($"/account/prove?returnUrl=%2Fapps%2F{app.ClientId}");
        await ShouldBeAccessibleAsync();
        await Field("Password").FillAsync(Given.Password);
        await Button("Continue").ClickAsync();

        await Expect(Page).ToHaveURLAsync($"{Origin}/apps/{app.ClientId}");
        Assert.NotNull(owner.Email);
    }

    private async Task<(GivenAccount Owner, GivenApp App)> OpenAppPageAsync()
    {
        var owner = await Portal.AccountAsync();
        var app = await Portal.AppAsync(owner, GivenApps.Callback);
        await SignInAsync(owner);
        await Page.GotoAsync($"/apps/{app.ClientId}");
        await Expect(Button("Rotate secret")).ToBeVisibleAsync();
        return (owner, app);
    }

    [GeneratedRegex("/account/login\\?returnUrl=")]
    private static partial Regex LogInPage();
}
