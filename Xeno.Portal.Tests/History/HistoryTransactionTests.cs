using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Apps;
using Xeno.Portal.Installations;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.History;

/// <summary>An act whose entry cannot be written is not done. The test removes the table for a moment.</summary>
public abstract class HistoryTransactionTests(PortalFactory portal)
{
    private const string Callback = "https://app.example/callback";

    [Fact]
    public async Task An_act_whose_entry_cannot_be_written_is_not_done()
    {
        var owner = await portal.AccountAsync();
        var rp = new RelyingParty(portal, await portal.AppAsync(owner, Callback));
        var browser = await portal.BrowserOfAsync(owner);
        var token = await rp.InstallAsync(browser);
        var code = await rp.CodeAsync(browser);

        await ExecuteAsync("""ALTER TABLE "History" RENAME TO "Elsewhere" """);
        try
        {
            Assert.Equal(HttpStatusCode.InternalServerError, (await rp.RevokeAsync(token)).Status);
            Assert.Equal(HttpStatusCode.InternalServerError, (await rp.ExchangeAsync(code)).Status);
            Assert.Equal(HttpStatusCode.InternalServerError, (await browser.GetAsync(rp.AuthorizeUrl())).StatusCode);
            await FailsAsync<InstallationService>(service => service.UninstallAsync(owner.Id, rp.App.ClientId));
            await FailsAsync<AppRegistry>(registry => registry.RevealSecretAsync(owner.Actor, rp.App.ClientId));
            await FailsAsync<AppRegistry>(registry => registry.RotateSecretAsync(owner.Actor, rp.App.ClientId));
            await FailsAsync<AppRegistry>(registry => registry.RevokeAllTokensAsync(owner.Id, rp.App.ClientId));
            await FailsAsync<AppRegistry>(registry => registry.DeleteAsync(owner.Actor, rp.App.ClientId));
            await FailsAsync<AppModeration>(apps => apps.SuspendAsync(rp.App.ClientId));
        }
        finally
        {
            await ExecuteAsync("""ALTER TABLE "Elsewhere" RENAME TO "History" """);
        }

        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await rp.ExchangeAsync(code)).Status);
        var secret = await portal.InScopeAsync(services
            => services.GetRequiredService<AppRegistry>().RevealSecretAsync(owner.Actor, rp.App.ClientId));
        Assert.Equal(rp.App.Secret, secret);
        var found = await portal.InScopeAsync(services
            => services.GetRequiredService<AppRegistry>().FindAsync(owner.Id, rp.App.ClientId));
        Assert.False(found!.IsSuspended);
    }

    private Task<int> ExecuteAsync(string sql) => portal.AskDatabaseAsync(database => database.Database.ExecuteSqlRawAsync(sql));

    private Task<Exception> FailsAsync<TService>(Func<TService, Task> act) where TService : notnull
        => Assert.ThrowsAnyAsync<Exception>(() => portal.InScopeAsync(services => act(services.GetRequiredService<TService>())));
}

[Trait("Category", "Fast")]
public sealed class HistoryTransactionOnSqlite(PortalFactory portal) : HistoryTransactionTests(portal), IClassFixture<PortalFactory>;

[Trait("Category", "Database")]
public sealed class HistoryTransactionOnPostgreSql(PostgreSqlPortal portal)
    : HistoryTransactionTests(portal), IClassFixture<PostgreSqlPortal>;
