using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Apps;
using Xeno.Portal.Data.History;
using Xeno.Portal.Grants;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Apps;

/// <summary>What an operator does to an app.</summary>
public abstract class AppModerationTests(PortalFactory portal)
{
    [Fact]
    public async Task A_suspended_app_is_refused_until_it_is_resumed()
    {
        var rp = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), "https://app.example/callback"));
        var token = await rp.InstallAsync(await portal.BrowserOfAsync(await portal.AccountAsync()));
        var operatorId = (await portal.AccountAsync()).Id;

        Assert.Equal(AppChange.Done, await DoAsync(apps => apps.SuspendAsync(rp.App.ClientId, operatorId)));
        Assert.Equal(HttpStatusCode.Unauthorized, (await rp.CallAsync(token)).Status);

        Assert.Equal(AppChange.Done, await DoAsync(apps => apps.ResumeAsync(rp.App.ClientId, operatorId)));
        Assert.Equal(AppChange.Done, await DoAsync(apps => apps.ResumeAsync(rp.App.ClientId, operatorId))); // Nothing to do, and no entry.
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(token)).Status);

        var entries = await portal.AskDatabaseAsync(database => database.History.Where(entry => entry.ActorId == operatorId)
            .OrderBy(entry => entry.Id).ToListAsync());
        Assert.Equal([HistoryKinds.AppSuspended.Name, HistoryKinds.AppResumed.Name], entries.Select(entry => entry.Kind));
        Assert.All(entries, entry => Assert.Equal(
            (rp.App.ClientId, rp.App.Name, HistoryActor.Operator), (entry.ClientId, entry.AppName, entry.Actor)));
    }

    [Fact]
    public async Task Open_pages_of_accounts_that_have_the_app_learn_of_a_suspension()
    {
        var (account, other) = (await portal.AccountAsync(), await portal.AccountAsync());
        var (rp, _) = await portal.InstallAsync(account);
        var (notices, othersNotices) = (0, 0);
        var changes = portal.Services.GetRequiredService<InstallChanges>();
        using var page = changes.Subscribe(account.Id, () => notices++);
        using var othersPage = changes.Subscribe(other.Id, () => othersNotices++);

        await DoAsync(apps => apps.SuspendAsync(rp.App.ClientId));
        await DoAsync(apps => apps.SuspendAsync(rp.App.ClientId)); // It is suspended already.
        await DoAsync(apps => apps.ResumeAsync(rp.App.ClientId));

        Assert.Equal((2, 0), (notices, othersNotices));
    }

    [Fact]
    public async Task A_deleted_app_cannot_be_suspended()
    {
        var owner = await portal.AccountAsync();
        var app = await portal.AppAsync(owner, GivenApps.Callback);
        await portal.AskDatabaseAsync(database => database.Apps.Where(a => a.ClientId == app.ClientId)
            .ExecuteUpdateAsync(a => a.SetProperty(x => x.DeletedAt, portal.Time.GetUtcNow())));

        Assert.Equal(AppChange.NotFound, await DoAsync(apps => apps.SuspendAsync(app.ClientId)));
    }

    [Fact]
    public async Task An_app_that_does_not_exist_is_not_found()
    {
        Assert.Equal(AppChange.NotFound, await DoAsync(apps => apps.SuspendAsync("xa_none")));
        Assert.Equal(AppChange.NotFound, await DoAsync(apps => apps.ResumeAsync("xa_none")));
    }

    private Task<AppChange> DoAsync(Func<AppModeration, Task<AppChange>> act)
        => portal.InScopeAsync(services => act(services.GetRequiredService<AppModeration>()));
}

[Trait("Category", "Fast")]
public sealed class AppModerationOnSqlite(PortalFactory portal) : AppModerationTests(portal), IClassFixture<PortalFactory>;

[Trait("Category", "Database")]
public sealed class AppModerationOnPostgreSql(PostgreSqlPortal portal) : AppModerationTests(portal), IClassFixture<PostgreSqlPortal>;
