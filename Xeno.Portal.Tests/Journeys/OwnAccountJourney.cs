using Microsoft.Playwright;
using Xeno.Portal.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Xeno.Portal.Tests.Journeys;

/// <summary>The pages of one's own account, in a browser.</summary>
[Trait("Category", "Browser")]
public sealed class OwnAccountJourney(Chromium chromium) : BrowserTest(chromium)
{
    [Fact]
    public async Task From_the_account_menu_to_a_new_name_and_on_to_what_happened()
    {
        await RegisterAccountAsync();
        await Page.Locator("summary").ClickAsync();
        await Link("Your account").ClickAsync();

        await Field("Display name").FillAsync("Zoë");
        await Button("Save").ClickAsync();

        await Expect(Page.GetByText("Your profile was saved.")).ToBeVisibleAsync();
        await Link("Activity").ClickAsync();
        await Expect(Page.GetByRole(AriaRole.List, new() { Name = "Activity" }).GetByRole(AriaRole.Listitem).First)
            .ToContainTextAsync("Your profile was changed");
        await Field("Kind").SelectOptionAsync("Account created");
        await Button("Filter").ClickAsync();
        await Expect(Page.GetByRole(AriaRole.List, new() { Name = "Activity" }).GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task What_a_new_password_lacks_is_said_while_it_is_typed_and_it_can_be_looked_at()
    {
        await RegisterAccountAsync();
        await Page.GotoAsync("/account/manage/password");
        await Field("Current password").FillAsync(Given.Password);

        await Field("New password").PressSequentiallyAsync("passw");
        await Expect(Page.GetByText("The password is too short")).ToBeVisibleAsync();
        await Field("New password").PressSequentiallyAsync("ord123");
        await Expect(Page.GetByText("The password is easy to guess")).ToBeVisibleAsync();
        await Field("New password").FillAsync(Given.NewPassword);
        await Expect(Page.GetByText("This one is hard to guess.")).ToBeVisibleAsync();
        await ShouldBeAccessibleAsync();

        await Button("Show").Nth(1).ClickAsync();
        await Expect(Field("New password")).ToHaveAttributeAsync("type", "text");
        await Button("Hide").ClickAsync();
        await Expect(Field("New password")).ToHaveAttributeAsync("type", "password");

        await Field("Confirm password").FillAsync(Given.NewPassword);
        await Button("Change password").ClickAsync();
        await Expect(Page.GetByText("Your password was changed")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Another_session_is_ended_and_its_open_page_leads_to_the_log_in_page()
    {
        var account = await Portal.AccountAsync();
        await SignInAsync(account);
        await using var elsewhere = await Context.Browser!.NewContextAsync(new() { BaseURL = Origin });
        var (name, value) = await Portal.SessionCookieAsync(account);
        await elsewhere.AddCookiesAsync([new() { Name = name, Value = value, Url = Origin }]);
        var open = await elsewhere.NewPageAsync();
        await open.GotoAsync("/installed");
        await Expect(open.GetByText("No app is installed")).ToBeVisibleAsync();

        await Page.GotoAsync("/account/manage/sessions");
        await Expect(Page.GetByText("This session")).ToHaveCountAsync(1);
        await Button("End session").First.ClickAsync();

        await Expect(Page.GetByText("The session was ended.")).ToBeVisibleAsync();
        await Button("End all others").Or(Page.GetByText("This session")).First.ClickAsync();
        await Expect(open).ToHaveURLAsync($"{Origin}/account/login?returnUrl=%2Finstalled");
    }
}
