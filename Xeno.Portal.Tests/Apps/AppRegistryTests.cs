using System.Net;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Apps;
using Xeno.Portal.Data.History;
using Xeno.Portal.Grants;
using Xeno.Portal.Tests.Support;
using static Xeno.Portal.Tests.Support.GivenApps;

namespace Xeno.Portal.Tests.Apps;

public abstract class AppRegistryTests(PortalFactory portal)
{
    [Fact]
    public async Task A_secret_is_stored_as_a_hash_and_an_encrypted_copy()
    {
        var owner = await portal.AccountAsync();
        var app = await portal.AppAsync(owner, Callback);

        var row = await portal.AskDatabaseAsync(database => database.Apps.SingleAsync(a => a.ClientId == app.ClientId));
        Assert.Matches("^xs_[0-9a-f]{64}$", app.Secret);
        Assert.DoesNotContain(app.Secret!, row.ClientSecret + row.ProtectedSecret + row.PreviousSecretHash, StringComparison.Ordinal);
        Assert.Equal(app.Secret, await WithRegistryAsync(registry => registry.RevealSecretAsync(owner.Actor, app.ClientId)));
    }

    [Fact]
    public async Task An_app_of_another_account_is_not_found()
    {
        var app = await portal.AppAsync(await portal.AccountAsync(), Callback);
        var other = await portal.AccountAsync();

        await WithRegistryAsync(async registry =>
        {
            Assert.Null(await registry.FindAsync(other.Id, app.ClientId));
            Assert.Empty(await registry.ListForAsync(other.Id));
            Assert.Null(await registry.RevealSecretAsync(other.Actor, app.ClientId));
            Assert.Equal(AppChange.NotFound, (await registry.EditAsync(other.Actor, app.ClientId, new AppForm())).Change);
            Assert.Equal(AppChange.NotFound, (await registry.RotateSecretAsync(other.Actor, app.ClientId)).Change);
            Assert.Equal(AppChange.NotFound, (await registry.AddRedirectUriAsync(other.Actor, app.ClientId, Callback)).Change);
            Assert.Equal(AppChange.NotFound, await registry.RemovePreviousSecretAsync(other.Actor, app.ClientId));
            Assert.Equal(AppChange.NotFound, await registry.DeleteAsync(other.Actor, app.ClientId));
            return 0;
        });
    }

    [Fact]
    public async Task A_form_with_problems_changes_nothing()
    {
        var owner = await portal.AccountAsync();
        var app = await portal.AppAsync(owner, Callback);

        var (_, problems) = await WithRegistryAsync(registry => registry.EditAsync(owner.Actor, app.ClientId, new AppForm
        {
            Name = "", RedirectUris = "nonsense", HomepageUrl = "javascript:alert(1)", Description = new string('x', 501),
        }));

        Assert.True(problems is { Name: not null, RedirectUris: not null, HomepageUrl: not null, Description: not null });
        Assert.Equal(app.Name, (await WithRegistryAsync(registry => registry.FindAsync(owner.Id, app.ClientId)))!.Name);
    }

    [Fact]
    public async Task An_app_without_a_secret_has_none_after_an_edit()
    {
        var owner = await portal.AccountAsync();
        var app = await portal.PublicAppAsync(owner, "com.example.app:/cb");

        // The edit page has no field for the secret, so the form has its default value.
        var (change, problems) = await WithRegistryAsync(registry => registry.EditAsync(
            owner.Actor, app.ClientId, new AppForm { Name = "Renamed", RedirectUris = "com.example.app:/cb\ncom.example.app:/other" }));

        Assert.Equal((AppChange.Done, false), (change, problems.Any));
        var found = (await WithRegistryAsync(registry => registry.FindAsync(owner.Id, app.ClientId)))!;
        Assert.Equal(("Renamed", false), (found.Name, found.HasSecret));
        Assert.Equal(["com.example.app:/cb", "com.example.app:/other"], found.RedirectUris);
    }

    [Fact]
    public async Task The_developers_apps_are_listed_newest_first()
    {
        var owner = await portal.AccountAsync();
        var first = await portal.AppAsync(owner, Callback);
        portal.Time.Advance(TimeSpan.FromMinutes(1));
        var second = await portal.PublicAppAsync(owner, "com.example.app:/cb");

        var list = await WithRegistryAsync(registry => registry.ListForAsync(owner.Id));

        Assert.Equal(
            [(second.ClientId, second.Name, false), (first.ClientId, first.Name, true)],
            list.Select(app => (app.ClientId, app.Name, app.HasSecret)));
        Assert.Equal(TimeSpan.FromMinutes(1), list[0].CreatedAt - list[1].CreatedAt);
    }

    [Fact]
    public async Task An_app_is_read_as_it_was_typed_and_its_suspension_is_shown()
    {
        var owner = await portal.AccountAsync();
        var form = new AppForm
        {
            Name = " An app ", RedirectUris = $"{Callback}\r\n{Callback}/2", HomepageUrl = "https://app.example",
            Description = "What it does.",
        };
        var clientId = (await WithRegistryAsync(registry => registry.RegisterAsync(owner.Actor, form))).ClientId!;

        var app = (await WithRegistryAsync(registry => registry.FindAsync(owner.Id, clientId)))!;

        Assert.Equal([Callback, $"{Callback}/2"], app.RedirectUris);
        Assert.Equal(
            ("An app", "https://app.example", "What it does.", true, true, (DateTimeOffset?)null),
            (app.Name, app.HomepageUrl, app.Description, app.HasSecret, app.CanReveal, app.PreviousSecretSince));
        Assert.Equal((portal.Time.GetUtcNow(), portal.Time.GetUtcNow()), (app.CreatedAt, app.SecretCreatedAt));
        Assert.False(app.IsSuspended);
        Assert.False(Assert.Single(await WithRegistryAsync(registry => registry.ListForAsync(owner.Id))).IsSuspended);

        await portal.InScopeAsync(services => services.GetRequiredService<AppModeration>().SuspendAsync(clientId));

        Assert.True((await WithRegistryAsync(registry => registry.FindAsync(owner.Id, clientId)))!.IsSuspended);
        Assert.True(Assert.Single(await WithRegistryAsync(registry => registry.ListForAsync(owner.Id))).IsSuspended);
    }

    [Fact]
    public async Task The_copy_of_a_secret_opens_only_for_its_own_app_and_only_with_its_key()
    {
        var owner = await portal.AccountAsync();
        var (one, other) = (await portal.AppAsync(owner, Callback), await portal.AppAsync(owner, Callback));
        var copy = await portal.AskDatabaseAsync(database => database.Apps
            .Where(app => app.ClientId == one.ClientId).Select(app => app.ProtectedSecret).SingleAsync());

        foreach (var unreadable in new[] { copy, "not a copy at all" })
        {
            await portal.AskDatabaseAsync(database => database.Apps.Where(app => app.ClientId == other.ClientId)
                .ExecuteUpdateAsync(app => app.SetProperty(a => a.ProtectedSecret, unreadable)));
            Assert.Null(await WithRegistryAsync(registry => registry.RevealSecretAsync(owner.Actor, other.ClientId)));
        }

        Assert.Equal(0, await EntriesAsync(other, HistoryKinds.SecretRevealed));
        Assert.Equal(one.Secret, await WithRegistryAsync(registry => registry.RevealSecretAsync(owner.Actor, one.ClientId)));
    }

    [Fact]
    public async Task What_cannot_be_undone_is_logged_without_a_secret()
    {
        var owner = await portal.AccountAsync();
        var app = await portal.AppAsync(owner, Callback);

        var rotated = await WithRegistryAsync(async registry =>
        {
            await registry.RevealSecretAsync(owner.Actor, app.ClientId);
            var (_, secret) = await registry.RotateSecretAsync(owner.Actor, app.ClientId);
            await registry.RevokeAllTokensAsync(owner.Actor, app.ClientId);
            await registry.DeleteAsync(owner.Actor, app.ClientId);
            return secret!;
        });

        var log = portal.Log.Text;
        Assert.Contains($"secret of app {app.ClientId} was revealed to its owner {owner.Id}.", log, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"secret of app {app.ClientId} was rotated by its owner {owner.Id}.", log, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"tokens of app {app.ClientId} were revoked by its owner {owner.Id}.", log, StringComparison.Ordinal);
        Assert.Contains($"App {app.ClientId} was deleted by its owner {owner.Id}.", log, StringComparison.Ordinal);
        Assert.DoesNotContain(app.Secret!, log, StringComparison.Ordinal);
        Assert.DoesNotContain(rotated, log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scheme_of_its_own_is_added_only_to_an_app_without_a_secret()
    {
        var owner = await portal.AccountAsync();
        var (app, publicApp) = (await portal.AppAsync(owner, Callback), await portal.PublicAppAsync(owner, "com.example.app:/cb"));

        var refused = await WithRegistryAsync(registry => registry.AddRedirectUriAsync(owner.Actor, app.ClientId, "com.example.app:/2"));
        var added = await WithRegistryAsync(
            registry => registry.AddRedirectUriAsync(owner.Actor, publicApp.ClientId, "com.example.app:/2"));

        Assert.Contains("cannot keep a secret", refused.Problem, StringComparison.Ordinal);
        Assert.Equal((AppChange.Done, (string?)null), added);
        Assert.Equal(
            ["com.example.app:/cb", "com.example.app:/2"],
            (await WithRegistryAsync(registry => registry.FindAsync(owner.Id, publicApp.ClientId)))!.RedirectUris);
    }

    [Fact]
    public async Task An_edit_of_an_older_version_changes_nothing()
    {
        var owner = await portal.AccountAsync();
        var app = await portal.AppAsync(owner, Callback);
        var seen = (await WithRegistryAsync(registry => registry.FindAsync(owner.Id, app.ClientId)))!.Version;

        Assert.Equal(AppChange.Done, await EditAsync("First", seen));
        Assert.Equal(AppChange.Conflict, await EditAsync("Second", seen));
        Assert.Equal("First", (await WithRegistryAsync(registry => registry.FindAsync(owner.Id, app.ClientId)))!.Name);
        Assert.Equal(AppChange.Done, await EditAsync("Third", version: null));

        Task<AppChange> EditAsync(string name, string? version) => WithRegistryAsync(async registry => (await registry.EditAsync(
            owner.Actor, app.ClientId, new AppForm { Name = name, RedirectUris = Callback, Version = version })).Change);
    }

    [Fact]
    public async Task A_rotation_is_dated_and_an_app_without_a_secret_has_none()
    {
        var owner = await portal.AccountAsync();
        var (app, publicApp) = (await portal.AppAsync(owner, Callback), await portal.PublicAppAsync(owner, "com.example.app:/cb"));
        portal.Leap(TimeSpan.FromDays(1));
        owner = owner with { Actor = await portal.ActorAsync(owner.Id) };

        var (change, secret) = await WithRegistryAsync(registry => registry.RotateSecretAsync(owner.Actor, app.ClientId));

        Assert.Equal(AppChange.Done, change);
        Assert.NotEqual(app.Secret, secret);
        Assert.Equal(secret, await WithRegistryAsync(registry => registry.RevealSecretAsync(owner.Actor, app.ClientId)));
        var rotated = (await WithRegistryAsync(registry => registry.FindAsync(owner.Id, app.ClientId)))!;
        Assert.Equal((portal.Time.GetUtcNow(), portal.Time.GetUtcNow()), (rotated.SecretCreatedAt, rotated.PreviousSecretSince));
        Assert.Equal(AppChange.Done, await WithRegistryAsync(registry => registry.RemovePreviousSecretAsync(owner.Actor, app.ClientId)));
        Assert.Null((await WithRegistryAsync(registry => registry.FindAsync(owner.Id, app.ClientId)))!.PreviousSecretSince);
        Assert.Equal(
            (AppChange.NotFound, (string?)null),
            await WithRegistryAsync(registry => registry.RotateSecretAsync(owner.Actor, publicApp.ClientId)));
    }

    [Fact]
    public async Task The_21st_redirect_uri_is_refused_by_form_and_by_button()
    {
        var owner = await portal.AccountAsync();
        var app = await portal.AppAsync(owner, [.. Enumerable.Range(1, 19).Select(number => $"{Callback}/{number}")]);

        var twentieth = await WithRegistryAsync(registry => registry.AddRedirectUriAsync(owner.Actor, app.ClientId, $"{Callback}/20"));
        var more = await WithRegistryAsync(registry => registry.AddRedirectUriAsync(owner.Actor, app.ClientId, $"{Callback}/21"));
        var again = await WithRegistryAsync(registry => registry.AddRedirectUriAsync(owner.Actor, app.ClientId, $"{Callback}/20"));
        var (_, edited) = await WithRegistryAsync(registry => registry.EditAsync(owner.Actor, app.ClientId, new AppForm
        {
            Name = app.Name, RedirectUris = string.Join('\n', Enumerable.Range(1, 21).Select(number => $"{Callback}/{number}")),
        }));

        Assert.Equal((AppChange.Done, (string?)null), twentieth);
        Assert.Contains("20 redirect URIs already", more.Problem, StringComparison.Ordinal);
        Assert.Null(again.Problem);
        Assert.NotNull(edited.RedirectUris);
        Assert.Equal(20, (await WithRegistryAsync(registry => registry.FindAsync(owner.Id, app.ClientId)))!.RedirectUris.Count);
    }

    [Fact]
    public async Task What_was_registered_before_a_rule_goes_on_working_and_its_app_can_be_edited()
    {
        var owner = await portal.AccountAsync();
        var rp = new RelyingParty(portal, await portal.AppAsync(owner, Callback));
        await portal.AskDatabaseAsync(database => database.Apps.Where(app => app.ClientId == rp.App.ClientId)
            .ExecuteUpdateAsync(app => app.SetProperty(a => a.RedirectUris, $"[\"{Callback}?state=old\"]")
                .SetProperty(a => a.DisplayName, "Xeno Classic")));

        var (change, problems) = await WithRegistryAsync(registry => registry.EditAsync(owner.Actor, rp.App.ClientId, new AppForm
        {
            Name = "Xeno Classic", RedirectUris = $"{Callback}?state=old", Description = "As ever.",
        }));

        Assert.Equal((AppChange.Done, false), (change, problems.Any));
        Assert.Equal("As ever.", (await WithRegistryAsync(registry => registry.FindAsync(owner.Id, rp.App.ClientId)))!.Description);
        Assert.NotEmpty(await rp.InstallAsync(await portal.BrowserOfAsync(await portal.AccountAsync())));
    }

    [Fact]
    public async Task Installs_are_counted_by_account()
    {
        var owner = await portal.AccountAsync();
        var rp = new RelyingParty(portal, await portal.AppAsync(owner, Callback));
        var one = await portal.BrowserOfAsync(await portal.AccountAsync());
        var two = await portal.BrowserOfAsync(await portal.AccountAsync());
        await rp.InstallAsync(one);
        await rp.InstallAsync(one);
        var last = await rp.InstallAsync(two);

        Assert.Equal(2, Assert.Single(await WithRegistryAsync(registry => registry.ListForAsync(owner.Id))).Installs);
        await rp.RevokeAsync(last);
        Assert.Equal(1, (await WithRegistryAsync(registry => registry.FindAsync(owner.Id, rp.App.ClientId)))!.Installs);
    }

    [Fact]
    public async Task Deleting_an_app_ends_its_tokens_and_codes_at_once()
    {
        var owner = await portal.AccountAsync();
        var rp = new RelyingParty(portal, await portal.AppAsync(owner, Callback));
        var browser = await portal.BrowserOfAsync(await portal.AccountAsync());
        var token = await rp.InstallAsync(browser);
        var code = await rp.CodeAsync(browser);

        Assert.Equal(AppChange.Done, await WithRegistryAsync(registry => registry.DeleteAsync(owner.Actor, rp.App.ClientId)));

        Assert.Equal(HttpStatusCode.Unauthorized, (await rp.CallAsync(token)).Status);
        (await rp.ExchangeAsync(code)).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_client");
    }

    [Fact]
    public async Task The_second_of_two_simultaneous_changes_is_a_conflict()
    {
        var owner = await portal.AccountAsync();
        var app = await portal.AppAsync(owner, Callback);
        await using var scope = portal.Services.CreateAsyncScope();
        var registry = scope.ServiceProvider.GetRequiredService<AppRegistry>();
        var database = scope.ServiceProvider.GetRequiredService<Xeno.Portal.Data.PortalDbContext>();
        var tracked = await database.Apps.SingleAsync(a => a.ClientId == app.ClientId);
        Assert.NotNull(tracked);
        await WithRegistryAsync(other => other.RotateSecretAsync(owner.Actor, app.ClientId));

        Assert.Equal((AppChange.Conflict, (string?)null), await registry.RotateSecretAsync(owner.Actor, app.ClientId));

        // The entry of the change that was not made is not saved with the next one.
        Assert.NotNull(await registry.RevealSecretAsync(owner.Actor, app.ClientId));
        Assert.Equal(1, await EntriesAsync(app, HistoryKinds.SecretRotated));
    }

    [Fact]
    public async Task A_secret_is_revealed_only_with_an_entry_in_the_history()
    {
        var owner = await portal.AccountAsync();
        var app = await portal.AppAsync(owner, Callback);

        await WithRegistryAsync(registry => registry.RevealSecretAsync(owner.Actor, app.ClientId));

        Assert.Equal(1, await EntriesAsync(app, HistoryKinds.SecretRevealed));
    }

    [Theory]
    [InlineData("Renamed", Callback, null, null, "name")]
    [InlineData(null, Callback + "/2", null, null, "redirect URIs")]
    [InlineData(null, Callback, "https://app.example", null, "homepage")]
    [InlineData(null, Callback, null, "What it does.", "description")]
    [InlineData("Renamed", Callback + "/2", "https://app.example", "What it does.", "name, redirect URIs, homepage, description")]
    public async Task The_history_names_what_an_edit_changed(
        string? name, string redirectUris, string? homepage, string? description, string changed)
    {
        var owner = await portal.AccountAsync();
        var app = await portal.AppAsync(owner, Callback);

        await WithRegistryAsync(registry => registry.EditAsync(owner.Actor, app.ClientId, new AppForm
        {
            Name = name ?? app.Name, RedirectUris = redirectUris, HomepageUrl = homepage, Description = description,
        }));

        Assert.Equal(changed, await portal.AskDatabaseAsync(database => database.History
            .Where(entry => entry.ClientId == app.ClientId && entry.Kind == HistoryKinds.AppEdited.Name)
            .Select(entry => entry.Reason).SingleAsync()));
    }

    [Fact]
    public async Task Copies_of_secrets_that_are_stored_can_be_read_by_the_next_release()
    {
        var app = await portal.AppAsync(await portal.AccountAsync(), Callback);
        var copy = await portal.AskDatabaseAsync(database => database.Apps
            .Where(a => a.ClientId == app.ClientId).Select(a => a.ProtectedSecret).SingleAsync());

        // The names of the purpose, written out: another name could not read what is in the database.
        var protector = portal.Services.GetRequiredService<IDataProtectionProvider>()
            .CreateProtector("Xeno.Portal.Apps.ClientSecret", app.ClientId);

        Assert.Equal(app.Secret, protector.Unprotect(copy!));
    }

    [Fact]
    public async Task A_delete_during_an_edit_is_a_conflict_and_deletes_nothing()
    {
        var owner = await portal.AccountAsync();
        var app = await portal.AppAsync(owner, Callback);
        var ending = portal.Services.GetRequiredService<GrantEnding>();
        var version = (await WithRegistryAsync(registry => registry.FindAsync(owner.Id, app.ClientId)))!.Version;
        await WithRegistryAsync(registry => registry.RotateSecretAsync(owner.Actor, app.ClientId));

        Assert.False(await ending.DeleteAppAsync(app.ClientId, owner.Id, version, owner.Actor.SessionId));

        Assert.NotNull(await WithRegistryAsync(registry => registry.FindAsync(owner.Id, app.ClientId)));
        Assert.Equal(AppChange.Done, await WithRegistryAsync(registry => registry.DeleteAsync(owner.Actor, app.ClientId)));
    }

    [Fact]
    public async Task Without_readable_copies_a_secret_is_shown_once()
    {
        await using var strict = await portal.AnotherAsync();
        strict.Settings["Apps:KeepSecretsRevealable"] = "false";
        var owner = await strict.AccountAsync();
        var app = await strict.AppAsync(owner, Callback);

        await strict.InScopeAsync(async services =>
        {
            var registry = services.GetRequiredService<AppRegistry>();
            Assert.False((await registry.FindAsync(owner.Id, app.ClientId))!.CanReveal);
            Assert.Null(await registry.RevealSecretAsync(owner.Actor, app.ClientId));
        });
    }

    [Fact]
    public async Task The_add_button_accepts_only_the_owner_and_valid_addresses()
    {
        var owner = await portal.AccountAsync();
        var app = await portal.AppAsync(owner, Callback);
        var url = $"/oauth/authorize?client_id={app.ClientId}&scope=widgets&state=~&redirect_uri="
            + Uri.EscapeDataString("https://app.example/new");
        var browser = await portal.BrowserOfAsync(owner);
        var action = $"/apps/{app.ClientId}/redirect-uris";
        var form = (await (await browser.GetAsync(url)).PageAsync()).FieldsOfForm(action);

        var otherBrowser = await portal.BrowserOfAsync(await portal.AccountAsync());
        Assert.DoesNotContain((await (await otherBrowser.GetAsync(url)).PageAsync()).Forms, f => f.GetAttribute("action") == action);
        Assert.DoesNotContain(Callback, await (await otherBrowser.GetAsync(url)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await otherBrowser.PostAsync(action, new FormUrlEncodedContent(form))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync(action, Form(form, "http://evil.example/"))).StatusCode);
        var twoStates = await browser.PostAsync(action, Form(form, $"{Callback}?state=1"));
        Assert.Equal(HttpStatusCode.BadRequest, twoStates.StatusCode);
        Assert.Contains("has state in its query", await twoStates.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var added = await browser.PostAsync(action, new FormUrlEncodedContent(form));
        Assert.Equal(HttpStatusCode.SeeOther, added.StatusCode);
        Assert.StartsWith("/oauth/authorize?", added.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(added.Headers.Location)).StatusCode);

        static FormUrlEncodedContent Form(Dictionary<string, string> form, string redirectUri)
            => new(new Dictionary<string, string>(form, StringComparer.Ordinal) { ["redirect_uri"] = redirectUri });
    }

    [Fact]
    public async Task An_account_has_at_most_so_many_apps_also_when_it_registers_several_at_once()
    {
        await using var first = await portal.AnotherAsync();
        first.Settings["Apps:MostPerAccount"] = "3";
        await using var second = first.Beside();
        var (owner, another) = (await first.AccountAsync(), await first.AccountAsync());

        var registrations = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(
            () => RegisterAsync(i % 2 == 0 ? first : second, owner, hasSecret: i % 4 < 2))));

        var made = registrations.Where(registration => registration.ClientId is not null).ToList();
        Assert.Equal(3, made.Count);
        Assert.All(registrations.Except(made), refused =>
        {
            Assert.StartsWith("The number of apps of one account is limited to 3.", refused.Refusal, StringComparison.Ordinal);
            Assert.Null(refused.Secret);
            Assert.False(refused.Problems.Any);
        });
        Assert.Equal((3, 3), await first.AskDatabaseAsync(async database => (
            await database.Apps.CountAsync(app => app.OwnerId == owner.Id),
            await database.History.CountAsync(entry => entry.AccountId == owner.Id && entry.Kind == "app.registered"))));
        Assert.NotNull((await RegisterAsync(first, another)).ClientId);

        await first.InScopeAsync(services => services.GetRequiredService<AppRegistry>().DeleteAsync(owner.Actor, made[0].ClientId!));
        Assert.NotNull((await RegisterAsync(second, owner)).ClientId);
        Assert.Null((await RegisterAsync(first, owner)).ClientId);

        static Task<Registration> RegisterAsync(PortalFactory node, GivenAccount account, bool hasSecret = true)
            => node.InScopeAsync(services => services.GetRequiredService<AppRegistry>().RegisterAsync(
                account.Actor, new AppForm { Name = "One more", RedirectUris = Callback, HasSecret = hasSecret }));
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/oauth/authorize?x")]
    [InlineData("/oauth/authorize-elsewhere?x")]
    [InlineData("/oauth/authorize?x=1\r\nX-Injected: 1")]
    [InlineData("/oauth/authorize?x= ")]
    [InlineData("/oauth/authorize?x=ü")]
    [InlineData("")]
    [InlineData(null)]
    public async Task The_add_button_leads_back_to_authorize_or_to_the_apps_page_only(string? returnUrl)
    {
        var (app, browser, form) = await AddFormAsync();
        form.Remove("return_url");
        if (returnUrl is not null)
            form["return_url"] = returnUrl;

        var added = await browser.PostAsync($"/apps/{app.ClientId}/redirect-uris", new FormUrlEncodedContent(form));

        Assert.Equal(HttpStatusCode.SeeOther, added.StatusCode);
        Assert.Equal($"/apps/{app.ClientId}", added.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("redirect_uri", "did not say which redirect URI")]
    [InlineData("__RequestVerificationToken", "open too long")]
    public async Task The_add_button_says_why_an_incomplete_form_adds_nothing(string missing, string reason)
    {
        var (app, browser, form) = await AddFormAsync();
        Assert.True(form.Remove(missing));

        var refused = await browser.PostAsync($"/apps/{app.ClientId}/redirect-uris", new FormUrlEncodedContent(form));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var page = await refused.PageAsync();
        Assert.Contains(reason, page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains(page.QuerySelectorAll("a"), link => link.GetAttribute("href") == $"/apps/{app.ClientId}");
        Assert.Equal($"[\"{Callback}\"]", await portal.AskDatabaseAsync(database => database.Apps
            .Where(a => a.ClientId == app.ClientId).Select(a => a.RedirectUris).SingleAsync()));
    }

    /// <summary>A new app, its owner's browser, and the form of the button "Add this redirect URI".</summary>
    private async Task<(GivenApp App, HttpClient Browser, Dictionary<string, string> Form)> AddFormAsync()
    {
        var owner = await portal.AccountAsync();
        var rp = new RelyingParty(portal, await portal.AppAsync(owner, Callback));
        var browser = await portal.BrowserOfAsync(owner);
        var page = await (await browser.GetAsync(rp.AuthorizeUrl(("redirect_uri", "https://app.example/new")))).PageAsync();
        return (rp.App, browser, page.FieldsOfForm($"/apps/{rp.App.ClientId}/redirect-uris"));
    }

    private Task<int> EntriesAsync(GivenApp app, HistoryKind kind) => portal.AskDatabaseAsync(database => database.History
        .CountAsync(entry => entry.ClientId == app.ClientId && entry.Kind == kind.Name));

    private Task<TResult> WithRegistryAsync<TResult>(Func<AppRegistry, Task<TResult>> work)
        => portal.InScopeAsync(services => work(services.GetRequiredService<AppRegistry>()));
}

[Trait("Category", "Fast")]
public sealed class AppRegistryOnSqlite(PortalFactory portal) : AppRegistryTests(portal), IClassFixture<PortalFactory>;

[Trait("Category", "Database")]
public sealed class AppRegistryOnPostgreSql(PostgreSqlPortal portal) : AppRegistryTests(portal), IClassFixture<PostgreSqlPortal>;
