using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Accounts;
using Xeno.Portal.Apps;
using Xeno.Portal.Data.History;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Grants;
using Xeno.Portal.Installations;
using Xeno.Portal.Tests.Support;
using static Xeno.Portal.Tests.Support.GivenApps;

namespace Xeno.Portal.Tests.Grants;

/// <summary>Every way in which grants end.</summary>
public abstract class GrantEndingTests(PortalFactory portal)
{
    [Fact]
    public async Task Revoking_all_tokens_ends_them_on_every_account_and_the_app_can_be_installed_again()
    {
        var (owner, rp) = await GivenAppAsync();
        var (one, two) = (await portal.AccountAsync(), await portal.AccountAsync());
        var (browserOfOne, browserOfTwo) = (await portal.BrowserOfAsync(one), await portal.BrowserOfAsync(two));
        string[] tokens = [await rp.InstallAsync(browserOfOne), await rp.InstallAsync(browserOfOne), await rp.InstallAsync(browserOfTwo)];
        var code = await rp.CodeAsync(browserOfTwo);

        Assert.Equal(AppChange.Done, await WithRegistryAsync(registry => registry.RevokeAllTokensAsync(owner.Actor, rp.App.ClientId)));

        foreach (var token in tokens)
            Assert.Equal(HttpStatusCode.Unauthorized, (await rp.CallAsync(token)).Status);
        (await rp.ExchangeAsync(code)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant");
        Assert.Empty(await InstalledAsync(one));
        Assert.Equal(0, await ValidRowsAsync(rp));
        Assert.Equal(["tokens.revoked"], await KindsAsync(owner, rp, "tokens.revoked"));
        Assert.Equal(["app.uninstalled"], await KindsAsync(one, rp, "app.uninstalled"));
        Assert.Equal(["app.uninstalled"], await KindsAsync(two, rp, "app.uninstalled"));

        var again = await rp.InstallAsync(browserOfOne);
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(again)).Status);
        Assert.Equal(["app.installed", "app.installed"], await KindsAsync(one, rp, "app.installed"));
    }

    [Fact]
    public async Task Only_the_owner_revokes_all_tokens_of_an_app()
    {
        var (_, rp) = await GivenAppAsync();
        var token = await rp.InstallAsync(await portal.BrowserOfAsync(await portal.AccountAsync()));
        var other = await portal.AccountAsync();

        Assert.Equal(AppChange.NotFound, await WithRegistryAsync(registry => registry.RevokeAllTokensAsync(other.Actor, rp.App.ClientId)));

        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(token)).Status);
    }

    [Fact]
    public async Task Ending_an_app_ends_all_tokens_at_once_and_the_rows_follow_in_batches()
    {
        var (owner, rp) = await GivenAppAsync();
        var account = await portal.AccountAsync();
        var browser = await portal.BrowserOfAsync(account);
        string[] tokens =
        [
            await rp.InstallAsync(browser, "widgets"), await rp.InstallAsync(browser, "contacts"), await rp.InstallAsync(browser, "faqs"),
        ];
        var code = await rp.CodeAsync(browser);
        var ledger = portal.Services.GetRequiredService<GrantLedger>();

        var appId = await ledger.EndAppAsync(rp.App.ClientId, owner.Id, new Ending(HistoryActor.Account, portal.Time.GetUtcNow()));

        Assert.Equal(4, await ValidRowsAsync(rp)); // No row is changed yet.
        foreach (var token in tokens)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await rp.CallAsync(token)).Status);
            Assert.Equal("False", (await rp.IntrospectAsync(token))["active"]);
        }

        (await rp.ExchangeAsync(code)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant");
        Assert.Empty(await InstalledAsync(account));
        Assert.Equal(0, (await WithRegistryAsync(registry => registry.FindAsync(owner.Id, rp.App.ClientId)))!.Installs);
        // The consent page: no consent is remembered.
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(rp.AuthorizeUrl())).StatusCode);

        List<SweptRows> steps = [];
        while (await ledger.SweepAsync(appId!, most: 2) is { } step)
            steps.Add(step);

        Assert.Equal([2, 2], steps.Select(step => step.Ended));
        Assert.Equal(0, await ValidRowsAsync(rp));
        Assert.Equal(["app.uninstalled"], await KindsAsync(account, rp, "app.uninstalled"));
    }

    [Fact]
    public async Task Rows_of_an_interrupted_ending_are_ended_by_the_next_round()
    {
        var (owner, rp) = await GivenAppAsync();
        await rp.InstallAsync(await portal.BrowserOfAsync(await portal.AccountAsync()));
        await portal.Services.GetRequiredService<GrantLedger>()
            .EndAppAsync(rp.App.ClientId, owner.Id, new Ending(HistoryActor.Account, portal.Time.GetUtcNow()));

        await portal.Services.GetRequiredService<GrantSweep>().SweepAllAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, await ValidRowsAsync(rp));
        Assert.Null(await portal.AskDatabaseAsync(database
            => database.Apps.Where(app => app.ClientId == rp.App.ClientId).Select(app => app.EndingSince).SingleAsync()));
    }

    [Fact]
    public async Task An_edit_that_read_the_app_before_all_tokens_were_revoked_is_a_conflict_and_restores_no_token()
    {
        var (owner, rp) = await GivenAppAsync();
        var token = await rp.InstallAsync(await portal.BrowserOfAsync(await portal.AccountAsync()));
        await using var scope = portal.Services.CreateAsyncScope();
        var registry = scope.ServiceProvider.GetRequiredService<AppRegistry>();
        var database = scope.ServiceProvider.GetRequiredService<Portal.Data.PortalDbContext>();
        Assert.NotNull(await database.Apps.SingleAsync(app => app.ClientId == rp.App.ClientId)); // Tracked, so the edit uses this version.

        await WithRegistryAsync(other => other.RevokeAllTokensAsync(owner.Actor, rp.App.ClientId));

        Assert.Equal(AppChange.Conflict, (await registry.RotateSecretAsync(owner.Actor, rp.App.ClientId)).Change);
        Assert.Equal(HttpStatusCode.Unauthorized, (await rp.CallAsync(token)).Status);
        Assert.DoesNotContain("secret.rotated", await KindsAsync(owner, rp));
    }

    [Fact]
    public async Task A_deleted_app_loses_all_its_rows_and_stays_in_the_history_by_name()
    {
        var (owner, rp) = await GivenAppAsync();
        var account = await portal.AccountAsync();
        var browser = await portal.BrowserOfAsync(account);
        var token = await rp.InstallAsync(browser);
        await rp.CodeAsync(browser);

        Assert.Equal(AppChange.Done, await WithRegistryAsync(registry => registry.DeleteAsync(owner.Actor, rp.App.ClientId)));

        Assert.Equal(HttpStatusCode.Unauthorized, (await rp.CallAsync(token)).Status);
        Assert.Equal(0, await portal.AskDatabaseAsync(database => database.Apps.CountAsync(app => app.ClientId == rp.App.ClientId)));
        Assert.Equal(0, await portal.AskDatabaseAsync(database => database.Grants.CountAsync(grant => grant.Subject == account.Id)));
        var last = await portal.AskDatabaseAsync(database
            => database.History.Where(entry => entry.AccountId == account.Id).OrderByDescending(entry => entry.Id).FirstAsync());
        Assert.Equal(("app.uninstalled", rp.App.Name, "the app was deleted"), (last.Kind, last.AppName, last.Reason));
    }

    [Fact]
    public async Task A_deleted_app_is_not_found_while_its_rows_are_being_removed()
    {
        var (owner, rp) = await GivenAppAsync();
        var browser = await portal.BrowserOfAsync(owner);
        var token = await rp.InstallAsync(browser);
        var version = (await WithRegistryAsync(registry => registry.FindAsync(owner.Id, rp.App.ClientId)))!.Version;

        Assert.NotNull(await portal.Services.GetRequiredService<GrantLedger>().DeleteAppAsync(
            rp.App.ClientId, owner.Id, version, new Ending(HistoryActor.Account, portal.Time.GetUtcNow())));

        Assert.Null(await WithRegistryAsync(registry => registry.FindAsync(owner.Id, rp.App.ClientId)));
        Assert.Empty(await WithRegistryAsync(registry => registry.ListForAsync(owner.Id)));
        Assert.Equal(AppChange.NotFound, await WithRegistryAsync(registry => registry.DeleteAsync(owner.Actor, rp.App.ClientId)));
        Assert.Equal(AppChange.NotFound, await WithRegistryAsync(registry => registry.RevokeAllTokensAsync(owner.Actor, rp.App.ClientId)));
        Assert.Equal(AppChange.NotFound, await portal.InScopeAsync(services
            => services.GetRequiredService<AppModeration>().SuspendAsync(rp.App.ClientId)));
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync(rp.AuthorizeUrl())).StatusCode);
        (await rp.ExchangeAsync("a code")).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_client");
        Assert.Equal(HttpStatusCode.Unauthorized, (await rp.CallAsync(token)).Status);
        Assert.Empty(await InstalledAsync(owner));
    }

    [Fact]
    public async Task Of_parallel_exchanges_one_installs_the_app_and_of_parallel_revocations_one_uninstalls_it()
    {
        var (_, rp) = await GivenAppAsync();
        var account = await portal.AccountAsync();
        var browser = await portal.BrowserOfAsync(account);
        List<string> codes = [];
        for (var i = 0; i < 8; i++)
            codes.Add(await rp.CodeAsync(browser));

        var tokens = await Task.WhenAll(codes.Select(async code => (await rp.ExchangeAsync(code))["access_token"]!));
        Assert.Equal(["app.installed"], await KindsAsync(account, rp, "app.installed"));
        Assert.Equal(8, (await KindsAsync(account, rp, "token.issued")).Count);

        await Task.WhenAll(tokens.Select(rp.RevokeAsync));
        Assert.Equal(8, (await KindsAsync(account, rp, "token.revoked")).Count);
        Assert.Equal(["app.uninstalled"], await KindsAsync(account, rp, "app.uninstalled"));
        Assert.Equal("app.uninstalled", (await KindsAsync(account, rp))[^1]);
    }

    [Fact]
    public async Task Deleting_an_account_deletes_its_apps_its_tokens_and_its_id_in_the_history()
    {
        var (owner, ownApp) = await GivenAppAsync();
        var (_, installed) = await GivenAppAsync();
        var user = await portal.AccountAsync();
        var tokenOfOwnApp = await ownApp.InstallAsync(await portal.BrowserOfAsync(user));
        var ownToken = await installed.InstallAsync(await portal.BrowserOfAsync(owner));
        await WithRegistryAsync(registry => registry.RevealSecretAsync(owner.Actor, ownApp.App.ClientId));

        Assert.True(await portal.InScopeAsync(services => services.GetRequiredService<AccountDeletion>().DeleteAsync(owner.Id)));

        Assert.Equal(HttpStatusCode.Unauthorized, (await ownApp.CallAsync(tokenOfOwnApp)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await installed.CallAsync(ownToken)).Status);
        Assert.Equal(0, await portal.AskDatabaseAsync(database => database.Accounts.CountAsync(account => account.Id == owner.Id)));
        Assert.Equal(0, await portal.AskDatabaseAsync(database
            => database.History.CountAsync(entry => entry.AccountId == owner.Id || entry.ActorId == owner.Id)));
        Assert.Equal(["app.allowed", "app.installed", "token.issued", "app.uninstalled"], await KindsAsync(user, ownApp));
        Assert.Equal(
            ["app.allowed", "app.installed", "token.issued", "app.uninstalled"],
            await portal.AskDatabaseAsync(database => database.History
                .Where(entry => entry.ClientId == installed.App.ClientId && entry.AccountId == null).OrderBy(entry => entry.Id)
                .Select(entry => entry.Kind).ToListAsync()));
        Assert.False(await portal.InScopeAsync(services => services.GetRequiredService<AccountDeletion>().DeleteAsync(owner.Id)));
    }

    [Fact]
    public async Task One_step_follows_a_mark_on_several_accounts()
    {
        var (owner, rp) = await GivenAppAsync();
        GivenAccount[] accounts = [await portal.AccountAsync(), await portal.AccountAsync(), await portal.AccountAsync()];
        foreach (var account in accounts)
            await rp.InstallAsync(await portal.BrowserOfAsync(account));
        var ledger = portal.Services.GetRequiredService<GrantLedger>();
        var appId = await MarkAsync(ledger, owner, rp);

        var step = await ledger.SweepAsync(appId, most: 200);

        Assert.Equal(accounts.Select(account => account.Id).Order(StringComparer.Ordinal), step!.Accounts.Order(StringComparer.Ordinal));
        Assert.Equal(3, step.Ended);
        foreach (var account in accounts)
            Assert.Equal(["app.uninstalled"], await KindsAsync(account, rp, "app.uninstalled"));
    }

    [Fact]
    public async Task A_step_ends_no_more_rows_than_it_may_and_an_accounts_entry_comes_with_its_last_token()
    {
        var (owner, rp) = await GivenAppAsync();
        GivenAccount[] accounts = [await portal.AccountAsync(), await portal.AccountAsync()];
        foreach (var browser in new[] { await portal.BrowserOfAsync(accounts[0]), await portal.BrowserOfAsync(accounts[1]) })
        {
            await rp.InstallAsync(browser);
            await rp.InstallAsync(browser);
        }

        var ledger = portal.Services.GetRequiredService<GrantLedger>();
        var appId = await MarkAsync(ledger, owner, rp);

        Assert.Equal(3, (await ledger.SweepAsync(appId, most: 3))!.Ended);
        Assert.Equal((1, 1), (await ValidRowsAsync(rp), await ValidGrantsAsync()));
        Assert.Single(await UninstalledAsync());

        Assert.Equal(1, (await ledger.SweepAsync(appId, most: 3))!.Ended);
        Assert.Equal((0, 0), (await ValidRowsAsync(rp), await ValidGrantsAsync()));
        Assert.Equal(2, (await UninstalledAsync()).Count);
        Assert.Null(await ledger.SweepAsync(appId, most: 3));

        Task<int> ValidGrantsAsync() => portal.AskDatabaseAsync(database => database.Grants.CountAsync(
            grant => grant.Application!.ClientId == rp.App.ClientId && grant.Status == TokenStatuses.Valid));

        Task<List<string?>> UninstalledAsync() => portal.AskDatabaseAsync(database => database.History
            .Where(entry => entry.ClientId == rp.App.ClientId && entry.Kind == "app.uninstalled")
            .Select(entry => entry.Reason).ToListAsync());
    }

    [Theory]
    [InlineData(false, "all tokens of the app were revoked")]
    [InlineData(true, "the app was deleted")]
    public async Task The_entry_of_an_account_says_why_the_app_was_uninstalled(bool isDeleted, string reason)
    {
        var (owner, rp) = await GivenAppAsync();
        var account = await portal.AccountAsync();
        await rp.InstallAsync(await portal.BrowserOfAsync(account));

        await WithRegistryAsync(registry => isDeleted
            ? registry.DeleteAsync(owner.Actor, rp.App.ClientId)
            : registry.RevokeAllTokensAsync(owner.Actor, rp.App.ClientId));
        await portal.Services.GetRequiredService<GrantSweep>().SweepAllAsync(TestContext.Current.CancellationToken);

        var entry = await portal.AskDatabaseAsync(database => database.History
            .SingleAsync(entry => entry.AccountId == account.Id && entry.Kind == "app.uninstalled"));
        Assert.Equal(
            (HistoryActor.Portal, reason, rp.App.Name, portal.Time.GetUtcNow()), (entry.Actor, entry.Reason, entry.AppName, entry.At));
    }

    [Fact]
    public async Task An_app_that_was_allowed_and_never_got_a_token_is_not_uninstalled_but_its_code_ends()
    {
        var (_, rp) = await GivenAppAsync();
        var account = await portal.AccountAsync();
        var code = await rp.CodeAsync(await portal.BrowserOfAsync(account));

        Assert.True(await portal.Services.GetRequiredService<GrantEnding>().UninstallAsync(account.Id, rp.App.ClientId));

        (await rp.ExchangeAsync(code)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant");
        Assert.Equal(["app.allowed"], await KindsAsync(account, rp));
        Assert.False(await portal.Services.GetRequiredService<GrantEnding>().UninstallAsync(account.Id, rp.App.ClientId));
    }

    [Fact]
    public async Task What_happens_before_the_rows_follow_is_in_the_history_in_its_order()
    {
        var (owner, rp) = await GivenAppAsync();
        var (again, gone) = (await portal.AccountAsync(), await portal.AccountAsync());
        var browser = await portal.BrowserOfAsync(again);
        await rp.InstallAsync(browser);
        await rp.InstallAsync(await portal.BrowserOfAsync(gone));
        var ledger = portal.Services.GetRequiredService<GrantLedger>();
        var appId = await MarkAsync(ledger, owner, rp);

        await rp.InstallAsync(browser); // Installed again, before a row has followed.
        await portal.InScopeAsync(services => services.GetRequiredService<InstallationService>().UninstallAsync(gone.Id, rp.App.ClientId));
        while (await ledger.SweepAsync(appId, most: 200) is not null)
        {
            // To its end.
        }

        Assert.Equal(["app.installed", "app.uninstalled", "app.installed"],
            (await KindsAsync(again, rp)).Where(kind => kind.StartsWith("app.", StringComparison.Ordinal) && kind != "app.allowed"));
        Assert.Equal(["app.uninstalled"], await KindsAsync(gone, rp, "app.uninstalled"));
        Assert.Single(await InstalledAsync(again));
    }

    [Fact]
    public async Task Two_sweeps_of_a_deleted_app_at_once_remove_everything_and_fail_nowhere()
    {
        var (owner, rp) = await GivenAppAsync();
        var browser = await portal.BrowserOfAsync(await portal.AccountAsync());
        for (var i = 0; i < 12; i++)
            await rp.CodeAsync(browser, ("prompt", "consent"));
        var ledger = portal.Services.GetRequiredService<GrantLedger>();
        var version = (await WithRegistryAsync(registry => registry.FindAsync(owner.Id, rp.App.ClientId)))!.Version;
        var ending = new Ending(HistoryActor.Account, portal.Time.GetUtcNow());
        var appId = await ledger.DeleteAppAsync(rp.App.ClientId, owner.Id, version, ending);

        await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ =>
        {
            while (await ledger.SweepAsync(appId!, most: 3) is not null)
                await Task.Yield();
        }));

        Assert.Equal(0, await portal.AskDatabaseAsync(database => database.Apps.CountAsync(app => app.Id == appId)));
        Assert.Equal(0, await portal.AskDatabaseAsync(database => database.Grants.CountAsync(grant => grant.ApplicationId == appId)));
    }

    [Fact]
    public async Task Grants_of_a_deleted_app_are_removed_a_few_in_each_step()
    {
        var (owner, rp) = await GivenAppAsync();
        var browser = await portal.BrowserOfAsync(await portal.AccountAsync());
        for (var i = 0; i < 5; i++)
            await rp.CodeAsync(browser, ("prompt", "consent"));
        var ledger = portal.Services.GetRequiredService<GrantLedger>();
        var version = (await WithRegistryAsync(registry => registry.FindAsync(owner.Id, rp.App.ClientId)))!.Version;
        var appId = await ledger.DeleteAppAsync(
            rp.App.ClientId, owner.Id, version, new Ending(HistoryActor.Account, portal.Time.GetUtcNow()));

        List<int> left = [5];
        while (await ledger.SweepAsync(appId!, most: 2) is not null)
            left.Add(await portal.AskDatabaseAsync(database => database.Grants.CountAsync(grant => grant.ApplicationId == appId)));

        Assert.Equal([5, 3, 1, 0], left.Distinct());
        Assert.Equal(0, await portal.AskDatabaseAsync(database => database.Apps.CountAsync(app => app.Id == appId)));
    }

    [Fact]
    public async Task A_token_that_was_ended_meanwhile_is_not_ended_twice()
    {
        var account = await portal.AccountAsync();
        var (rp, token) = await portal.InstallAsync(account);
        var read = (await portal.Services.GetRequiredService<TokenLedger>().FindAsync(TokenHash.Of(token)))!;
        var ending = portal.Services.GetRequiredService<GrantEnding>();

        Assert.True(await ending.RevokeAsAppAsync(read));
        Assert.False(await ending.RevokeAsAppAsync(read));

        Assert.Equal(["token.revoked"], await KindsAsync(account, rp, "token.revoked"));
    }

    [Fact]
    public async Task An_account_with_an_app_is_not_deleted_before_the_app()
    {
        var (owner, rp) = await GivenAppAsync();

        var end = await portal.Services.GetRequiredService<GrantLedger>()
            .DeleteAccountAsync(owner.Id, new Ending(HistoryActor.Portal, portal.Time.GetUtcNow()));

        Assert.Equal(AccountEnd.HasApps, end);
        Assert.NotNull(await WithRegistryAsync(registry => registry.FindAsync(owner.Id, rp.App.ClientId)));
    }

    private async Task<string> MarkAsync(GrantLedger ledger, GivenAccount owner, RelyingParty rp)
        => (await ledger.EndAppAsync(rp.App.ClientId, owner.Id, new Ending(HistoryActor.Account, portal.Time.GetUtcNow())))!;

    private async Task<(GivenAccount Owner, RelyingParty App)> GivenAppAsync()
    {
        var owner = await portal.AccountAsync();
        return (owner, new RelyingParty(portal, await portal.AppAsync(owner, Callback)));
    }

    private Task<TResult> WithRegistryAsync<TResult>(Func<AppRegistry, Task<TResult>> work)
        => portal.InScopeAsync(services => work(services.GetRequiredService<AppRegistry>()));

    private Task<IReadOnlyList<InstalledApp>> InstalledAsync(GivenAccount account)
        => portal.InScopeAsync(async services
            => (await services.GetRequiredService<InstallationService>().ListForAsync(account.Id)).Apps);

    private Task<int> ValidRowsAsync(RelyingParty rp) => portal.AskDatabaseAsync(database
        => database.Tokens.CountAsync(token => token.Application!.ClientId == rp.App.ClientId && token.Status == TokenStatuses.Valid));

    /// <summary>The kinds of the entries about an account and an app, the oldest first; only one kind, where one is named.</summary>
    private Task<List<string>> KindsAsync(GivenAccount account, RelyingParty rp, string? kind = null)
        => portal.AskDatabaseAsync(database => database.History
            .Where(entry => entry.AccountId == account.Id && entry.ClientId == rp.App.ClientId && (kind == null || entry.Kind == kind))
            .OrderBy(entry => entry.Id).Select(entry => entry.Kind).ToListAsync());
}

[Trait("Category", "Fast")]
public sealed class GrantEndingOnSqlite(PortalFactory portal) : GrantEndingTests(portal), IClassFixture<PortalFactory>;

[Trait("Category", "Database")]
public sealed class GrantEndingOnPostgreSql(PostgreSqlPortal portal) : GrantEndingTests(portal), IClassFixture<PostgreSqlPortal>;
