using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Accounts;
using Xeno.Portal.Apps;
using Xeno.Portal.Data.History;
using Xeno.Portal.History;
using Xeno.Portal.Installations;
using Xeno.Portal.Lifecycle;
using Xeno.Portal.Sessions;
using Xeno.Portal.Tests.Support;
using static Xeno.Portal.Tests.Support.GivenApps;

namespace Xeno.Portal.Tests.History;

/// <summary>What each act writes into the history, who may read it, and when it is removed.</summary>
public abstract class HistoryTests(PortalFactory portal)
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    [Fact]
    public async Task Each_step_of_an_install_writes_an_entry()
    {
        var (account, rp, browser) = await GivenAsync();
        var token = await rp.InstallAsync(browser, "widgets contacts");
        var code = await rp.CodeAsync(browser); // The consent is remembered.
        var second = (await rp.ExchangeAsync(code))["access_token"]!;
        await rp.RevokeAsync(second);
        await portal.InScopeAsync(services
            => services.GetRequiredService<InstallationService>().UninstallAsync(account.Id, rp.App.ClientId));

        var entries = await OfAccountAsync(account);

        Assert.Equal(
            ["app.allowed", "app.installed", "token.issued", "app.allowed", "token.issued", "token.revoked", "app.uninstalled"],
            entries.Select(entry => entry.Kind));
        Assert.All(entries, entry => Assert.Equal(
            (rp.App.ClientId, rp.App.Name, portal.Time.GetUtcNow()), (entry.ClientId, entry.AppName, entry.At)));
        Assert.Equal(
            [
                HistoryActor.Account, HistoryActor.App, HistoryActor.App, HistoryActor.Account, HistoryActor.App, HistoryActor.App,
                HistoryActor.Account,
            ],
            entries.Select(entry => entry.Actor));
        Assert.Equal("widgets contacts", entries[0].Scopes);
        Assert.Null(entries[0].Reason);
        Assert.Equal("consent was remembered", entries[3].Reason);
        Assert.Equal(entries[4].TokenId, entries[5].TokenId);
        ShouldHoldNoSecret(entries, token, second, code, rp.App.Secret!, account.Email);
    }

    [Fact]
    public async Task A_token_ended_by_a_replayed_code_has_an_entry_with_the_reason()
    {
        var (account, rp, browser) = await GivenAsync();
        var code = await rp.CodeAsync(browser);
        await rp.ExchangeAsync(code);
        portal.Time.Advance(TimeSpan.FromSeconds(11));

        await rp.ExchangeAsync(code);
        await rp.ExchangeAsync(code); // The token has ended already: no entry.

        foreach (var page in (HistoryPage[])[
            await ReadAsync(reader => reader.OfAccountAsync(account.Id, new HistoryQuery(Limit: 2))),
            await ReadAsync(reader => reader.OfAppAsync(rp.App.ClientId, new HistoryQuery(Limit: 2)))])
        {
            Assert.Equal(["app.uninstalled", "token.replayed"], page.Entries.Select(entry => entry.Kind));
            Assert.Contains("may have been stolen, so the access token that it gave was revoked", page.Entries[1].Sentence,
                StringComparison.Ordinal);
            Assert.All(page.Entries, entry => Assert.Equal(
                (HistoryActor.Portal, "its code was sent a second time, later than a retry, and may have been stolen"),
                (entry.Actor, entry.Reason)));
        }
    }

    [Fact]
    public async Task Each_change_of_an_app_by_its_developer_writes_an_entry()
    {
        var owner = await portal.AccountAsync();
        var app = await portal.AppAsync(owner, Callback);
        await ActAsync(async registry =>
        {
            var form = new AppForm { Name = "Renamed", RedirectUris = Callback, Description = "New" };
            Assert.Equal(AppChange.Done, (await registry.EditAsync(owner.Actor, app.ClientId, form)).Change);
            await registry.EditAsync(owner.Actor, app.ClientId, form); // Nothing is different: nothing to write.
            await registry.AddRedirectUriAsync(owner.Actor, app.ClientId, "https://app.example/second");
            await registry.AddRedirectUriAsync(owner.Actor, app.ClientId, "https://app.example/second"); // Already registered: no entry.
            await registry.RevealSecretAsync(owner.Actor, app.ClientId);
            await registry.RotateSecretAsync(owner.Actor, app.ClientId);
            await registry.RemovePreviousSecretAsync(owner.Actor, app.ClientId);
            await registry.RemovePreviousSecretAsync(owner.Actor, app.ClientId); // There is none: no entry.
            await registry.RevokeAllTokensAsync(owner.Actor, app.ClientId);
            await registry.DeleteAsync(owner.Actor, app.ClientId);
        });

        var entries = await OfAccountAsync(owner);

        Assert.Equal(
            [
                "app.registered", "app.edited", "app.edited", "secret.revealed", "secret.rotated", "secret.removed", "tokens.revoked",
                "app.deleted",
            ],
            entries.Select(entry => entry.Kind));
        Assert.Equal([app.Name, "Renamed"], entries.Select(entry => entry.AppName).Distinct());
        Assert.Equal(
            ["name, description", "redirect URIs"],
            entries.Where(entry => entry.Kind == "app.edited").Select(entry => entry.Reason));
        Assert.All(entries, entry => Assert.Equal((HistoryActor.Account, owner.Actor.SessionId), (entry.Actor, entry.SessionId)));
    }

    [Fact]
    public async Task A_conflict_or_an_invalid_form_writes_no_entry()
    {
        var owner = await portal.AccountAsync();
        var app = await portal.AppAsync(owner, Callback);
        await ActAsync(async registry =>
        {
            var stale = new AppForm { Name = "Renamed", RedirectUris = Callback, Version = "another" };
            Assert.Equal(AppChange.Conflict, (await registry.EditAsync(owner.Actor, app.ClientId, stale)).Change);
            Assert.True((await registry.EditAsync(owner.Actor, app.ClientId, new AppForm { Name = "" })).Problems.Any);
            Assert.NotNull((await registry.AddRedirectUriAsync(owner.Actor, app.ClientId, "nonsense")).Problem);
        });

        Assert.Equal(["app.registered"], (await OfAccountAsync(owner)).Select(entry => entry.Kind));
    }

    [Fact]
    public async Task Each_change_of_an_account_writes_an_entry()
    {
        var browser = portal.Browser();
        browser.DefaultRequestHeaders.UserAgent.ParseAdd(Firefox);
        var email = $"{Guid.NewGuid():N}@example.com";
        await browser.RegisterAsync(email);
        await browser.RegisterAsync(email, password: "Some-other-password-1"); // Refused: no entry.
        var id = await portal.AskDatabaseAsync(database
            => database.Accounts.Where(row => row.Email == email).Select(row => row.Id).SingleAsync());
        var account = new GivenAccount(id, email, new Actor(id, "none"));
        await portal.Browser().LogInAsync(email);
        for (var i = 0; i < 10; i++)
            await portal.Browser().LogInAsync(email, "a wrong password");
        var operatorId = (await portal.AccountAsync()).Id;
        await portal.InScopeAsync(async services =>
        {
            var moderation = services.GetRequiredService<AccountModeration>();
            await moderation.UnlockAsync(account.Id, operatorId);
            await moderation.SuspendAsync(account.Id, operatorId);
            await moderation.SuspendAsync(account.Id, operatorId); // Already suspended: no entry.
            await moderation.ResumeAsync(account.Id, operatorId);
        });

        var entries = await OfAccountAsync(account);

        Assert.Equal(
            [
                "account.created", "session.started", "session.started", "account.locked", "account.unlocked", "account.suspended",
                "account.resumed",
            ],
            entries.Select(entry => entry.Kind));
        Assert.Equal(["Firefox on Linux", "Firefox on Linux", null], entries.Take(3).Select(entry => entry.Device));
        Assert.All(entries.Skip(4), entry => Assert.Equal((HistoryActor.Operator, operatorId), (entry.Actor, entry.ActorId)));
        ShouldHoldNoSecret(entries, email, Given.Password);
    }

    [Fact]
    public async Task A_list_is_read_in_pages_without_gaps_and_by_kind()
    {
        var (account, rp, browser) = await GivenAsync();
        for (var i = 0; i < 3; i++)
            await rp.InstallAsync(browser);

        List<long> ids = [];
        long? before = null;
        do
        {
            var page = await ReadAsync(reader => reader.OfAccountAsync(account.Id, new HistoryQuery(Before: before, Limit: 3)));
            Assert.InRange(page.Entries.Count, 1, 3);
            ids.AddRange(page.Entries.Select(entry => entry.Id));
            before = page.Next;
        }
        while (before is not null);

        Assert.Equal(7, ids.Count);
        Assert.Equal(ids.OrderDescending(), ids);
        Assert.Equal(7, ids.Distinct().Count());

        var issued = await ReadAsync(reader => reader.OfAppAsync(rp.App.ClientId, new HistoryQuery(Kind: "token.issued")));
        Assert.Equal(["token.issued", "token.issued", "token.issued"], issued.Entries.Select(entry => entry.Kind));
        Assert.Equal(HistoryKinds.TokenIssued.Sentence, issued.Entries[0].Sentence);
        Assert.Null(issued.Next);
    }

    [Fact]
    public async Task Accounts_and_apps_read_only_their_own_entries_and_operators_read_all()
    {
        var (account, rp, browser) = await GivenAsync();
        var (other, otherApp, otherBrowser) = await GivenAsync();
        await rp.InstallAsync(browser);
        await otherApp.InstallAsync(otherBrowser);

        var ofAccount = await ReadAsync(reader => reader.OfAccountAsync(account.Id, new HistoryQuery()));
        var ofApp = await ReadAsync(reader => reader.OfAppAsync(rp.App.ClientId, new HistoryQuery()));
        await portal.AskDatabaseAsync(database => database.Users.Where(row => row.Id == account.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.DisplayName, "Ada")));
        var named = await ReadAsync(reader => reader.OfAccountAsync(account.Id, new HistoryQuery()));
        var all = await ReadAsync(reader => reader.AllAsync(new HistoryQuery(Limit: 6)));

        Assert.All(ofAccount.Entries, entry => Assert.Equal(account.Id, entry.AccountId));
        Assert.All(ofApp.Entries, entry => Assert.Equal(rp.App.ClientId, entry.ClientId));
        Assert.Equal("app.registered", ofApp.Entries[^1].Kind);
        Assert.All(named.Entries, entry => Assert.Equal(entry.Actor == HistoryActor.Account ? "Ada" : null, entry.ActorName));
        Assert.Contains(all.Entries, entry => entry.AccountId == other.Id);
        Assert.Contains(all.Entries, entry => entry.AccountId == account.Id);
    }

    [Fact]
    public async Task Old_entries_are_removed_and_recent_ones_are_kept()
    {
        await using var portalOfTenDays = await portal.AnotherAsync();
        portalOfTenDays.Settings["History:KeepFor"] = "10.00:00:00";
        var account = await portalOfTenDays.AccountAsync();
        await portalOfTenDays.AppAsync(account, Callback);
        portalOfTenDays.Leap(TimeSpan.FromDays(6));
        await portalOfTenDays.AppAsync(account, Callback);
        portalOfTenDays.Leap(TimeSpan.FromDays(5));

        await portalOfTenDays.Services.GetRequiredService<Pruning>().PruneAsync(TestContext.Current.CancellationToken);

        var kept = await portalOfTenDays.AskDatabaseAsync(database => database.History.Select(entry => entry.At).SingleAsync());
        Assert.Equal(portalOfTenDays.Time.GetUtcNow() - TimeSpan.FromDays(5), kept);
    }

    [Fact]
    public async Task Entries_about_a_deleted_account_stay_for_apps_and_operators_without_its_id()
    {
        var (account, rp, browser) = await GivenAsync();
        await rp.InstallAsync(browser);
        var operatorId = (await portal.AccountAsync()).Id;
        await portal.InScopeAsync(services => services.GetRequiredService<AccountModeration>().SuspendAsync(account.Id, operatorId));
        var before = await portal.AskDatabaseAsync(database => database.History.Select(entry => entry.Id).MaxAsync());

        await portal.InScopeAsync(services => services.GetRequiredService<AccountDeletion>().DeleteAsync(account.Id));

        var left = await portal.AskDatabaseAsync(database => database.History
            .Where(entry => entry.ClientId == rp.App.ClientId || entry.ActorId == operatorId).OrderBy(entry => entry.Id).ToListAsync());
        Assert.Equal(
            ["app.registered", "app.allowed", "app.installed", "token.issued", "account.suspended", "app.uninstalled"],
            left.Select(entry => entry.Kind));
        Assert.All(left.Skip(1), entry => Assert.Null(entry.AccountId));
        Assert.True(left[^1].Id > before);
    }

    private async Task<(GivenAccount Account, RelyingParty App, HttpClient Browser)> GivenAsync()
    {
        var account = await portal.AccountAsync();
        var app = await portal.AppAsync(await portal.AccountAsync(), Callback);
        return (account, new RelyingParty(portal, app), await portal.BrowserOfAsync(account));
    }

    private Task ActAsync(Func<AppRegistry, Task> act) => portal.InScopeAsync(services => act(services.GetRequiredService<AppRegistry>()));

    private Task<HistoryPage> ReadAsync(Func<HistoryReader, Task<HistoryPage>> read)
        => portal.InScopeAsync(services => read(services.GetRequiredService<HistoryReader>()));

    private Task<List<HistoryEntry>> OfAccountAsync(GivenAccount account) => portal.AskDatabaseAsync(database
        => database.History.Where(entry => entry.AccountId == account.Id).OrderBy(entry => entry.Id).ToListAsync());

    private static void ShouldHoldNoSecret(IEnumerable<HistoryEntry> entries, params string[] secrets)
    {
        var text = System.Text.Json.JsonSerializer.Serialize(entries);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
    }
}

[Trait("Category", "Fast")]
public sealed class HistoryOnSqlite(PortalFactory portal) : HistoryTests(portal), IClassFixture<PortalFactory>;

[Trait("Category", "Database")]
public sealed class HistoryOnPostgreSql(PostgreSqlPortal portal) : HistoryTests(portal), IClassFixture<PostgreSqlPortal>;
