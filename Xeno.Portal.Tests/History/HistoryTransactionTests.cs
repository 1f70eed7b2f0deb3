using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Accounts;
using Xeno.Portal.Apps;
using Xeno.Portal.Data.Sessions;
using Xeno.Portal.Installations;
using Xeno.Portal.Sessions;
using Xeno.Portal.Tests.Support;
using static Xeno.Portal.Tests.Support.GivenApps;

namespace Xeno.Portal.Tests.History;

/// <summary>An act whose entry cannot be written is not done. The test removes the table for a moment.</summary>
public abstract class HistoryTransactionTests(PortalFactory portal)
{
    [Fact]
    public async Task An_act_of_an_app_whose_entry_cannot_be_written_is_not_done()
    {
        var owner = await portal.AccountAsync();
        var rp = new RelyingParty(portal, await portal.AppAsync(owner, Callback));
        var browser = await portal.BrowserOfAsync(owner);
        var used = await rp.CodeAsync(browser);
        var ofUsed = (await rp.ExchangeAsync(used))["access_token"]!;
        portal.Time.Advance(TimeSpan.FromSeconds(11));
        var token = await rp.InstallAsync(browser);
        var code = await rp.CodeAsync(browser);

        await WithoutHistoryAsync(async () =>
        {
            Assert.Equal(HttpStatusCode.InternalServerError, (await rp.RevokeAsync(token)).Status);
            Assert.Equal(HttpStatusCode.InternalServerError, (await rp.ExchangeAsync(code)).Status);
            Assert.Equal(HttpStatusCode.InternalServerError, (await rp.ExchangeAsync(used)).Status); // A replay.
            Assert.Equal(HttpStatusCode.InternalServerError, (await browser.GetAsync(rp.AuthorizeUrl())).StatusCode);
        });

        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(ofUsed)).Status);
        Assert.Equal(HttpStatusCode.OK, (await rp.ExchangeAsync(code)).Status);
    }

    [Fact]
    public async Task An_act_of_a_person_whose_entry_cannot_be_written_is_not_done()
    {
        var owner = await portal.AccountAsync();
        var rp = new RelyingParty(portal, await portal.AppAsync(owner, Callback));
        var token = await rp.InstallAsync(await portal.BrowserOfAsync(owner));
        var (_, secret) = await RunAsync<AppRegistry, (AppChange, string?)>(apps => apps.RotateSecretAsync(owner.Actor, rp.App.ClientId));
        var tokenId = await portal.AskDatabaseAsync(database => database.Tokens
            .Where(row => row.Subject == owner.Id && row.Type == "access_token").Select(row => row.Id!).SingleAsync());
        var another = new AppForm { Name = "Another", RedirectUris = Callback };
        var edited = new AppForm { Name = "Renamed", RedirectUris = Callback };

        await WithoutHistoryAsync(async () =>
        {
            await FailsAsync<InstallationService>(service => service.RevokeTokenAsync(owner.Id, tokenId));
            await FailsAsync<InstallationService>(service => service.UninstallAsync(owner.Id, rp.App.ClientId));
            await FailsAsync<AppRegistry>(apps => apps.RegisterAsync(owner.Actor, another));
            await FailsAsync<AppRegistry>(apps => apps.EditAsync(owner.Actor, rp.App.ClientId, edited));
            await FailsAsync<AppRegistry>(apps => apps.AddRedirectUriAsync(owner.Actor, rp.App.ClientId, Callback + "/2"));
            await FailsAsync<AppRegistry>(apps => apps.RevealSecretAsync(owner.Actor, rp.App.ClientId));
            await FailsAsync<AppRegistry>(apps => apps.RotateSecretAsync(owner.Actor, rp.App.ClientId));
            await FailsAsync<AppRegistry>(apps => apps.RemovePreviousSecretAsync(owner.Actor, rp.App.ClientId));
            await FailsAsync<AppRegistry>(apps => apps.RevokeAllTokensAsync(owner.Actor, rp.App.ClientId));
            await FailsAsync<AppRegistry>(apps => apps.DeleteAsync(owner.Actor, rp.App.ClientId));
            await FailsAsync<AppModeration>(apps => apps.SuspendAsync(rp.App.ClientId));
        });

        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(token)).Status);
        Assert.Equal(secret, await RunAsync<AppRegistry, string?>(apps => apps.RevealSecretAsync(owner.Actor, rp.App.ClientId)));
        Assert.Single(await RunAsync<AppRegistry, IReadOnlyList<AppSummary>>(apps => apps.ListForAsync(owner.Id)));
        var found = (await RunAsync<AppRegistry, AppDetails?>(apps => apps.FindAsync(owner.Id, rp.App.ClientId)))!;
        Assert.False(found.IsSuspended);
        Assert.Equal(rp.App.Name, found.Name);
        Assert.Equal([Callback], found.RedirectUris);
        Assert.NotNull(found.PreviousSecretSince);
    }

    [Fact]
    public async Task An_act_on_an_account_whose_entry_cannot_be_written_is_not_done()
    {
        var (account, suspended, locked) = (await portal.AccountAsync(), await portal.AccountAsync(), await portal.AccountAsync());
        await RunAsync<AccountModeration, bool>(accounts => accounts.SuspendAsync(suspended.Id));
        for (var i = 0; i < 10; i++)
            await portal.Browser().LogInAsync(locked.Email, "a wrong password");
        var email = $"{Guid.NewGuid():N}@example.com";

        await WithoutHistoryAsync(async () =>
        {
            Assert.Equal(HttpStatusCode.InternalServerError, (await portal.Browser().RegisterAsync(email)).StatusCode);
            Assert.Equal(HttpStatusCode.InternalServerError, (await portal.Browser().LogInAsync(account.Email)).StatusCode);
            await FailsAsync<AccountSessions>(sessions => sessions.EndAsync(account.Id, account.Actor.SessionId));
            await FailsAsync<AccountModeration>(accounts => accounts.SuspendAsync(account.Id));
            await FailsAsync<AccountModeration>(accounts => accounts.ResumeAsync(suspended.Id));
            await FailsAsync<AccountModeration>(accounts => accounts.UnlockAsync(locked.Id));
            await FailsAsync<AccountDeletion>(accounts => accounts.DeleteAsync(account.Id));
        });

        var sessions = await RunAsync<AccountSessions, IReadOnlyList<LiveSession>>(
            async service => await service.ListForAsync(account.Id));
        Assert.Equal(account.Actor.SessionId, Assert.Single(sessions).Id);
        Assert.Equal([suspended.Id], await portal.AskDatabaseAsync(database => database.Accounts
            .Where(row => row.Email == email || (row.SuspendedAt != null && (row.Id == account.Id || row.Id == suspended.Id)))
            .Select(row => row.Id).ToListAsync()));
        Assert.Equal(HttpStatusCode.OK, (await portal.Browser().LogInAsync(locked.Email)).StatusCode); // Refused: it is still locked.
    }

    private async Task WithoutHistoryAsync(Func<Task> acts)
    {
        await ExecuteAsync("""ALTER TABLE "History" RENAME TO "Elsewhere" """);
        try
        {
            await acts();
        }
        finally
        {
            await ExecuteAsync("""ALTER TABLE "Elsewhere" RENAME TO "History" """);
        }
    }

    private Task<TResult> RunAsync<TService, TResult>(Func<TService, Task<TResult>> act) where TService : notnull
        => portal.InScopeAsync(services => act(services.GetRequiredService<TService>()));

    private Task<int> ExecuteAsync(string sql) => portal.AskDatabaseAsync(database => database.Database.ExecuteSqlRawAsync(sql));

    private Task<Exception> FailsAsync<TService>(Func<TService, Task> act) where TService : notnull
        => Assert.ThrowsAnyAsync<Exception>(() => portal.InScopeAsync(services => act(services.GetRequiredService<TService>())));
}

[Trait("Category", "Fast")]
public sealed class HistoryTransactionOnSqlite(PortalFactory portal) : HistoryTransactionTests(portal), IClassFixture<PortalFactory>;

[Trait("Category", "Database")]
public sealed class HistoryTransactionOnPostgreSql(PostgreSqlPortal portal)
    : HistoryTransactionTests(portal), IClassFixture<PostgreSqlPortal>;
