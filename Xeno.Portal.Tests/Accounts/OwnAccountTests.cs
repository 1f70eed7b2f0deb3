using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Sessions;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Accounts;

/// <summary>The pages of one's own account, as a browser without JavaScript sends them.</summary>
public abstract class OwnAccountTests(PortalFactory portal)
{
    private const string Profile = "/account/manage", Password = "/account/manage/password", Sessions = "/account/manage/sessions";

    [Fact]
    public async Task The_display_name_is_saved_shown_to_apps_and_removed()
    {
        var account = await portal.AccountAsync();
        var browser = await portal.BrowserOfAsync(account);
        var rp = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), GivenApps.Callback));
        var token = await rp.InstallAsync(browser);

        var saved = await browser.SendFormAsync(Profile, ("Input.DisplayName", " Zoë Müller "));
        Assert.Equal("/account/manage?saved=true", saved.LeadsTo());

        var page = await (await browser.GetAsync($"{Profile}?saved=true")).PageAsync();
        Assert.Equal("Zoë Müller", page.QuerySelector("[name='Input.DisplayName']")!.GetAttribute("value"));
        Assert.Equal("Your profile was saved.", page.QuerySelector("[role=status]")!.TextContent.Trim());
        Assert.Equal("Zoë Müller", (await rp.CallAsync(token))["display_name"]);
        Assert.Equal(["account.edited"], await KindsAsync(account));

        await browser.SendFormAsync(Profile, ("Input.DisplayName", " "));
        Assert.Null(await portal.AskDatabaseAsync(database
            => database.Accounts.Where(row => row.Id == account.Id).Select(row => row.DisplayName).SingleAsync()));
    }

    [Theory]
    [InlineData("Xeno Security", "the portal's own name")]
    [InlineData("p\u0430ypal", "different alphabets")]
    [InlineData("Zo\u202Eë", "cannot be seen")]
    public async Task A_display_name_that_deceives_is_refused_and_stays_in_the_field(string name, string reason)
    {
        var account = await portal.AccountAsync();
        var browser = await portal.BrowserOfAsync(account);

        var refused = await browser.SendFormAsync(Profile, ("Input.DisplayName", name));

        Assert.Contains(reason, await refused.AlertAsync(), StringComparison.Ordinal);
        Assert.Equal(name, (await refused.PageAsync()).QuerySelector("[name='Input.DisplayName']")!.GetAttribute("value"));
        Assert.Empty(await KindsAsync(account));
    }

    [Fact]
    public async Task A_changed_password_ends_all_sessions_but_the_one_that_changed_it()
    {
        var account = await portal.AccountAsync();
        var (browser, other) = (await portal.BrowserOfAsync(account), await portal.BrowserOfAsync(account));

        var changed = await ChangePasswordAsync(browser, Given.Password, Given.NewPassword);

        Assert.Equal("/account/manage/password?changed=true", changed.LeadsTo());
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(Sessions)).StatusCode);
        Assert.StartsWith("/account/login", (await other.GetAsync(Sessions)).LeadsTo(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await portal.Browser().LogInAsync(account.Email)).StatusCode);
        Assert.Equal("/apps", (await portal.Browser().LogInAsync(account.Email, Given.NewPassword)).LeadsTo());
        Assert.Equal("password.changed", (await KindsAsync(account))[0]);
    }

    [Fact]
    public async Task A_password_is_not_changed_without_the_current_one_or_to_one_that_is_too_short()
    {
        var account = await portal.AccountAsync();
        var browser = await portal.BrowserOfAsync(account);

        Assert.Equal(StepUp.Refusal, await (await ChangePasswordAsync(browser, "wrong password", Given.NewPassword)).AlertAsync());
        var tooShort = await ChangePasswordAsync(browser, Given.Password, "short");
        Assert.Contains("too short", await tooShort.AlertAsync(), StringComparison.Ordinal);
        var page = await (await ChangePasswordAsync(browser, Given.Password, Given.NewPassword, "Something-else-9")).PageAsync();
        Assert.Contains("not the same", page.QuerySelector(".xp-error")!.TextContent, StringComparison.Ordinal);

        Assert.Empty(await KindsAsync(account));
        Assert.Equal("/apps", (await portal.Browser().LogInAsync(account.Email)).LeadsTo());
    }

    [Fact]
    public async Task Ten_wrong_current_passwords_are_compared_and_then_a_right_one_is_refused_for_a_while()
    {
        var account = await portal.AccountAsync();
        var browser = await portal.BrowserOfAsync(account);
        for (var guess = 0; guess < 5; guess++) // Each compares the new one too.
            await ChangePasswordAsync(browser, "wrong password", Given.NewPassword);

        Assert.Equal(StepUp.Refusal, await (await ChangePasswordAsync(browser, Given.Password, Given.NewPassword)).AlertAsync());

        portal.Leap(TimeSpan.FromMinutes(6));
        Assert.Equal("/account/manage/password?changed=true",
            (await ChangePasswordAsync(browser, Given.Password, Given.NewPassword)).LeadsTo());
    }

    [Fact]
    public async Task A_second_press_of_Change_password_says_that_it_was_changed()
    {
        var account = await portal.AccountAsync();
        var browser = await portal.BrowserOfAsync(account);
        await ChangePasswordAsync(browser, Given.Password, Given.NewPassword);

        var again = await ChangePasswordAsync(browser, Given.Password, Given.NewPassword);

        Assert.Equal("/account/manage/password?changed=true", again.LeadsTo());
        Assert.Equal(["password.changed"], await KindsAsync(account));
    }

    [Fact]
    public async Task Sessions_are_listed_and_ended_one_by_one_or_all_others()
    {
        var account = await portal.AccountAsync();
        var browser = await portal.BrowserOfAsync(account);
        var (second, third, fourth) = (await portal.BrowserOfAsync(account), await portal.BrowserOfAsync(account),
            await portal.BrowserOfAsync(account));
        var stranger = await portal.BrowserOfAsync(await portal.AccountAsync());
        var ids = (await (await browser.GetAsync(Sessions)).PageAsync()).QuerySelectorAll("button[name=ended]")
            .Select(button => button.GetAttribute("value")!).ToList();
        Assert.Equal("others", ids[^1]);

        Assert.Equal($"{Sessions}?done=one", (await EndAsync(browser, await IdOfAsync(second))).LeadsTo());
        Assert.Equal((false, true, true), (await IsSignedInAsync(second), await IsSignedInAsync(third), await IsSignedInAsync(fourth)));
        Assert.Equal($"{Sessions}?done=none", (await EndAsync(browser, new string('0', 32))).LeadsTo());
        Assert.Equal($"{Sessions}?done=none", (await EndAsync(browser, await IdOfAsync(stranger))).LeadsTo());
        Assert.True(await IsSignedInAsync(stranger));

        Assert.Equal($"{Sessions}?done=others", (await EndAsync(browser, "others")).LeadsTo());
        Assert.Equal((true, false, false), (await IsSignedInAsync(browser), await IsSignedInAsync(third), await IsSignedInAsync(fourth)));
        var left = await (await browser.GetAsync(Sessions)).PageAsync();
        Assert.Contains("This session", Assert.Single(left.QuerySelectorAll("main .xp-list > li")).TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_a_session_was_last_seen_is_written_after_the_requests_and_not_more_often_than_every_five_minutes()
    {
        var account = await portal.AccountAsync();
        var browser = await portal.BrowserOfAsync(account);
        var use = portal.Services.GetRequiredService<SessionUse>();
        var started = await SeenAsync();

        portal.Leap(TimeSpan.FromMinutes(4));
        await browser.GetAsync(Sessions);
        await use.FlushAsync();
        Assert.Equal(started, await SeenAsync());

        portal.Leap(TimeSpan.FromMinutes(2));
        await browser.GetAsync(Sessions);
        Assert.Equal(started, await SeenAsync());
        await use.FlushAsync();
        Assert.Equal(started + TimeSpan.FromMinutes(6), await SeenAsync());

        async Task<DateTimeOffset> SeenAsync()
        {
            var id = await IdOfAsync(browser);
            return await portal.AskDatabaseAsync(database
                => database.Sessions.Where(row => row.Id == id).Select(row => row.LastSeenAt).SingleAsync());
        }
    }

    [Fact]
    public async Task Activity_tells_in_words_what_happened_newest_first_by_kind_and_by_page()
    {
        var account = await portal.AccountAsync();
        var browser = await portal.BrowserOfAsync(account);
        var rp = new RelyingParty(portal, await portal.NamedAppAsync(await portal.AccountAsync(), "Support desk"));
        var token = await rp.InstallAsync(browser, "widgets contacts");
        await rp.RevokeAsync(token);

        var all = await ActivityAsync("");
        Assert.Equal(
            [
                "Support desk was uninstalled", "An access token of Support desk was revoked", "Support desk got an access token",
                "Support desk was installed", "You allowed Support desk",
            ],
            all.Take(5));

        Assert.Equal(["Support desk was installed"], await ActivityAsync("?kind=app.installed"));
        Assert.Empty(await ActivityAsync("?kind=no.such.kind"));

        for (var more = 0; more < 10; more++)
            await rp.InstallAsync(browser);
        var page = await (await browser.GetAsync("/account/manage/activity")).PageAsync();
        Assert.Equal(20, page.QuerySelectorAll("main .xp-list > li").Length);
        var older = page.QuerySelector("a[rel=next]")!.GetAttribute("href")!;
        var next = await ActivityAsync(older[older.IndexOf('?', StringComparison.Ordinal)..]);
        Assert.Equal(all[0], next[^all.Count]);

        async Task<List<string>> ActivityAsync(string query)
            => [.. (await (await browser.GetAsync($"/account/manage/activity{query}")).PageAsync())
                .QuerySelectorAll("main .xp-list > li p:first-child").Select(entry => entry.TextContent.Trim())];
    }

    [Theory]
    [InlineData("/account/manage")]
    [InlineData("/account/manage/password")]
    [InlineData("/account/manage/sessions")]
    [InlineData("/account/manage/activity")]
    public async Task Without_a_session_a_page_of_the_account_leads_to_the_log_in_page(string path)
        => Assert.Equal($"/account/login?returnUrl={Uri.EscapeDataString(path)}", (await portal.Browser().GetAsync(path)).LeadsTo());

    [Fact]
    public async Task A_password_manager_finds_the_page_that_changes_the_password()
        => Assert.Equal(Password, (await portal.Browser().GetAsync("/.well-known/change-password")).LeadsTo());

    private static Task<HttpResponseMessage> ChangePasswordAsync(HttpClient browser, string current, string next, string? again = null)
        => browser.SendFormAsync(Password, ("Input.CurrentPassword", current), ("Input.NewPassword", next),
            ("Input.ConfirmPassword", again ?? next));

    private static Task<HttpResponseMessage> EndAsync(HttpClient browser, string id) => browser.SendFormAsync(Sessions, ("ended", id));

    private static async Task<bool> IsSignedInAsync(HttpClient browser)
        => (await browser.GetAsync(Sessions)).StatusCode == HttpStatusCode.OK;

    private Task<string> IdOfAsync(HttpClient browser)
    {
        var hash = TokenHash.Of(portal.SessionKeyOf(browser));
        return portal.AskDatabaseAsync(database
            => database.Sessions.Where(row => row.KeyHash == hash).Select(row => row.Id).SingleAsync());
    }

    /// <summary>What the account did to itself, the newest first.</summary>
    private Task<List<string>> KindsAsync(GivenAccount account) => portal.AskDatabaseAsync(database => database.History
        .Where(entry => entry.AccountId == account.Id && (entry.Kind == "account.edited" || entry.Kind == "password.changed"))
        .OrderByDescending(entry => entry.Id).Select(entry => entry.Kind).ToListAsync());
}

[Trait("Category", "Fast")]
public sealed class OwnAccountOnSqlite(PortalFactory portal) : OwnAccountTests(portal), IClassFixture<PortalFactory>;

[Trait("Category", "Database")]
public sealed class OwnAccountOnPostgreSql(PostgreSqlPortal portal) : OwnAccountTests(portal), IClassFixture<PostgreSqlPortal>;
