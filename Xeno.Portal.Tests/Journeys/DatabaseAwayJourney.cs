using Microsoft.Data.Sqlite;
using Microsoft.Playwright;
using Xeno.Portal.Tests.Support;
using static Microsoft.Playwright.Assertions;
using static Xeno.Portal.Tests.Support.GivenApps;

namespace Xeno.Portal.Tests.Journeys;

/// <summary>
/// The database stops while pages are open, and starts again. Each button says that the act could not be done now, and
/// works afterwards without a reload of the page.
/// </summary>
public abstract class DatabaseAwayJourney(Chromium chromium) : BrowserTest(chromium)
{
    private static readonly LocatorAssertionsToBeVisibleOptions s_patient = new() { Timeout = 30_000 };

    private PortalServer? _portal;

    protected override PortalServer Portal => _portal!;

    /// <summary>Whether reading fails too without the database; otherwise only writing fails.</summary>
    protected abstract bool ReadingFails { get; }

    /// <summary>A portal on the database that will stop.</summary>
    protected abstract Task<PortalServer> StartPortalAsync();

    protected abstract Task TakeAwayAsync();

    protected abstract Task BringBackAsync();

    public override async ValueTask InitializeAsync()
    {
        _portal = await StartPortalAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _portal!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Every_button_says_that_the_database_is_unavailable_and_works_again_without_a_reload()
    {
        var owner = await Portal.AccountAsync();
        var app = await Portal.AppAsync(owner, Callback, $"{Origin}/playground/callback");
        var bare = await Portal.AppAsync(owner, Callback);
        var doomed = await Portal.AppAsync(owner, Callback);

        var password = await PasswordDialogAsync(owner, app);
        await SignInAsync(owner);
        List<Act> acts =
        [
            await RegisterAsync(),
            .. await CredentialsAsync(app),
            await SettingsAsync(bare),
            await DeleteAsync(doomed),
            await AddCallbackAsync(bare),
            await StepAsync(0, "Exchange the code", "4. The code becomes a token"),
            await StepAsync(1, "Call the API", "5. The token opens the API", reads: true),
            await StepAsync(2, "Revoke the token", "6. The token is revoked"),
            await StepAsync(3, "Call again", "6. The token is revoked", reads: true),
            .. await InstalledAsync(app),
            password,
        ];
        var list = await NewPageAsync("/apps/new");
        await Expect(ButtonOf(list, "Register app")).ToBeVisibleAsync();

        await TakeAwayAsync();
        foreach (var act in acts.Where(act => ReadingFails || !act.Reads))
        {
            await act.Press();
            await Expect(NotNow(act.Where)).ToBeVisibleAsync(s_patient);
        }

        await list.GetByRole(AriaRole.Link, new() { Name = "Cancel", Exact = true }).ClickAsync();
        if (ReadingFails)
        {
            await Expect(NotNow(list.Locator("main"))).ToBeVisibleAsync(s_patient);
            await ButtonOf(list, "Try again").ClickAsync();
            await Expect(NotNow(list.Locator("main"))).ToBeVisibleAsync(s_patient);
        }

        await BringBackAsync();
        if (ReadingFails)
            await ButtonOf(list, "Try again").ClickAsync();
        await Expect(list.GetByRole(AriaRole.Link, new() { Name = app.Name, Exact = true })).ToBeVisibleAsync(s_patient);
        foreach (var act in acts)
        {
            await act.Press();
            await Expect(act.Works).ToBeVisibleAsync(s_patient);
        }
    }

    private async Task<Act> PasswordDialogAsync(GivenAccount owner, GivenApp app)
    {
        await SignInAsync(owner, DateTimeOffset.UtcNow.AddMinutes(-11));
        var page = await NewPageAsync($"/apps/{app.ClientId}");
        await ButtonOf(page, "Reveal").ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        return new Act(dialog, async () =>
        {
            await dialog.GetByLabel("Password").FillAsync(Given.Password);
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Continue", Exact = true }).ClickAsync();
        }, page.GetByText("xs_"), Reads: !ReadingFails);
    }

    private async Task<Act> RegisterAsync()
    {
        var page = await NewPageAsync("/apps/new");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Registered late");
        await page.GetByLabel("Redirect URIs").FillAsync(Callback);
        return new Act(page.Locator("main"), () => ButtonOf(page, "Register app").ClickAsync(),
            page.GetByRole(AriaRole.Heading, new() { Name = "Registered late" }));
    }

    private async Task<IReadOnlyList<Act>> CredentialsAsync(GivenApp app)
    {
        var page = await NewPageAsync($"/apps/{app.ClientId}");
        await ButtonOf(page, "Rotate secret").ClickAsync();
        await ConfirmAsync(page, "Rotate secret");
        await Expect(page.GetByText("The secret was rotated.")).ToBeVisibleAsync();
        await ButtonOf(page, "Hide").ClickAsync();
        var section = page.GetByRole(AriaRole.Region, new() { Name = "Credentials" });
        return
        [
            new Act(section, () => ButtonOf(page, "Reveal").ClickAsync(), section.GetByText("xs_"), Reads: true),
            Confirmed(page, section, "Remove old secret", section.GetByText("The old secret was removed.")),
            Confirmed(page, section, "Rotate secret", section.GetByText("The secret was rotated.")),
        ];
    }

    private async Task<Act> SettingsAsync(GivenApp app)
    {
        var page = await NewPageAsync($"/apps/{app.ClientId}");
        var section = page.GetByRole(AriaRole.Region, new() { Name = "Settings" });
        await section.GetByLabel("Description").FillAsync("Saved late");
        return new Act(section, () => ButtonOf(page, "Save changes").ClickAsync(), section.GetByText("The changes were saved."));
    }

    private async Task<Act> DeleteAsync(GivenApp app)
    {
        var page = await NewPageAsync($"/apps/{app.ClientId}");
        var section = page.GetByRole(AriaRole.Region, new() { Name = "Delete this app" });
        return Confirmed(page, section, "Delete app", page.GetByRole(AriaRole.Heading, new() { Name = "Your apps" }));
    }

    private async Task<Act> AddCallbackAsync(GivenApp bare)
    {
        var page = await NewPageAsync("/playground");
        await page.GetByLabel("App", new() { Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Option).Filter(new() { HasText = bare.ClientId }).ClickAsync();
        return new Act(page.Locator("main"), () => ButtonOf(page, "Add the playground's redirect URI").ClickAsync(),
            page.GetByRole(AriaRole.Link, new() { Name = "Send me to authorize" }));
    }

    /// <summary>A page of the playground after the given number of steps; the next step is the act.</summary>
    private async Task<Act> StepAsync(int done, string button, string heading, bool reads = false)
    {
        var page = await NewPageAsync("/playground");
        await page.GetByRole(AriaRole.Link, new() { Name = "Send me to authorize" }).ClickAsync();
        await ButtonOf(page, "Allow").ClickAsync();
        foreach (var step in ((string[])["Exchange the code", "Call the API", "Revoke the token"]).Take(done))
            await ButtonOf(page, step).ClickAsync();
        await Expect(ButtonOf(page, button)).ToBeVisibleAsync();
        var works = page.GetByRole(AriaRole.Region, new() { Name = heading })
            .GetByText(button == "Call again" ? "401" : "200", new() { Exact = true });
        return new Act(page.Locator("main"), () => ButtonOf(page, button).ClickAsync(), works.First, reads);
    }

    private async Task<IReadOnlyList<Act>> InstalledAsync(GivenApp app)
    {
        var page = await NewPageAsync("/installed");
        var card = page.GetByRole(AriaRole.Region, new() { Name = app.Name, Exact = true });
        await Expect(card).ToBeVisibleAsync();
        return
        [
            new Act(page.Locator("main"), async () =>
            {
                await card.GetByRole(AriaRole.Button, new() { Name = "Revoke", Exact = true }).First.ClickAsync();
                await ConfirmAsync(page, "Revoke");
            }, page.GetByText("The token was revoked.")),
            Confirmed(page, page.Locator("main"), "Uninstall", page.GetByText($"{app.Name} was uninstalled.")),
        ];
    }

    private static Act Confirmed(IPage page, ILocator where, string name, ILocator works) => new(where, async () =>
    {
        await where.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
        await ConfirmAsync(page, name);
    }, works);

    /// <summary>Presses the button of that name in the open dialog; the message of the previous act is gone by then.</summary>
    private static async Task ConfirmAsync(IPage page, string name)
    {
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToBeVisibleAsync();
        await Expect(NotNow(page.Locator("main"))).ToHaveCountAsync(0);
        await dialog.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
    }

    private static ILocator NotNow(ILocator where)
        => where.GetByRole(AriaRole.Alert).Filter(new() { HasText = "That could not be done now. Try again." })
            .Filter(new() { HasText = "Reference" });

    private static ILocator ButtonOf(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private async Task<IPage> NewPageAsync(string address)
    {
        var page = await Context.NewPageAsync();
        await page.GotoAsync(address);
        return page;
    }

    /// <summary>One button.</summary>
    /// <param name="Where">Where the page shows the result.</param>
    /// <param name="Press">Presses it, and answers its dialog.</param>
    /// <param name="Works">What the page shows after success.</param>
    /// <param name="Reads">Whether it only reads.</param>
    private sealed record Act(ILocator Where, Func<Task> Press, ILocator Works, bool Reads = false);
}

/// <summary>PostgreSQL is stopped, and started again.</summary>
[Trait("Category", "Browser")]
public sealed class PostgreSqlAwayJourney(Chromium chromium) : DatabaseAwayJourney(chromium)
{
    private readonly PostgreSqlCluster _cluster = new();

    protected override bool ReadingFails => true;

    protected override async Task<PortalServer> StartPortalAsync()
    {
        var database = await _cluster.NewDatabaseAsync();
        return new PortalServer(portal =>
        {
            portal.Settings["Database:Provider"] = "PostgreSql";
            portal.Settings["Database:ConnectionString"] = $"{database};Timeout=2;Command Timeout=2";
        });
    }

    protected override Task TakeAwayAsync() => _cluster.StopAsync();

    protected override Task BringBackAsync() => _cluster.StartAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _cluster.DisposeAsync();
    }
}

/// <summary>Another program holds a write lock on the SQLite file: reading works, and writing does not.</summary>
[Trait("Category", "Browser")]
public sealed class SqliteLockedJourney(Chromium chromium) : DatabaseAwayJourney(chromium)
{
    private SqliteConnection? _other;

    protected override bool ReadingFails => false;

    protected override Task<PortalServer> StartPortalAsync() => Task.FromResult(new PortalServer(
        portal => portal.Settings["Database:ConnectionString"] = $"Data Source={portal.DatabaseFile};Default Timeout=1"));

    protected override async Task TakeAwayAsync()
    {
        _other = new SqliteConnection($"Data Source={Portal.DatabaseFile};Pooling=False");
        await _other.OpenAsync();
        await ExecuteAsync("BEGIN EXCLUSIVE");
    }

    protected override Task BringBackAsync() => ExecuteAsync("ROLLBACK");

    public override async ValueTask DisposeAsync()
    {
        if (_other is not null)
            await _other.DisposeAsync();
        await base.DisposeAsync();
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _other!.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
