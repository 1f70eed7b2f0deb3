using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using Xeno.Portal.Apps;
using Xeno.Portal.Data;
using Xeno.Portal.Data.Apps;
using Xeno.Portal.Tests.Support;
using static Xeno.Portal.Tests.Support.GivenApps;

namespace Xeno.Portal.Tests.OAuth;

/// <summary>
/// An app that is read for a protocol request holds only some columns. It can never be saved, because that would overwrite the others.
/// </summary>
public abstract class ClientStoreTests(PortalFactory portal)
{
    public static TheoryData<string> WaysToSave =>
        ["update", "update by descriptor", "new secret", "delete", "context update", "context remove"];

    [Theory]
    [MemberData(nameof(WaysToSave))]
    public async Task A_partly_read_app_cannot_be_saved(string way)
    {
        var clientId = (await portal.AppAsync(await portal.AccountAsync(), Callback)).ClientId;
        var before = await RowAsync(clientId);

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => portal.InScopeAsync(async services =>
        {
            var clients = services.GetRequiredService<OpenIddictApplicationManager<RegisteredApp>>();
            var database = services.GetRequiredService<PortalDbContext>();
            var app = (await clients.FindByClientIdAsync(clientId))!;
            app.DisplayName = "Changed";
            switch (way)
            {
                case "update": await clients.UpdateAsync(app); break;
                case "update by descriptor":
                    var descriptor = new OpenIddictApplicationDescriptor();
                    await clients.PopulateAsync(descriptor, app);
                    await clients.UpdateAsync(app, descriptor);
                    break;
                case "new secret": await clients.UpdateAsync(app, "another secret"); break;
                case "delete": await clients.DeleteAsync(app); break;
                case "context update":
                    database.Update(app);
                    await database.SaveChangesAsync();
                    break;
                default:
                    database.Remove(app);
                    await database.SaveChangesAsync();
                    break;
            }
        }));

        Assert.Contains("read in part", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, await RowAsync(clientId));
    }

    [Fact]
    public async Task A_partly_read_app_cannot_be_created()
    {
        var clientId = (await portal.AppAsync(await portal.AccountAsync(), Callback)).ClientId;

        await Assert.ThrowsAsync<InvalidOperationException>(() => portal.InScopeAsync(async services =>
        {
            var clients = services.GetRequiredService<OpenIddictApplicationManager<RegisteredApp>>();
            var app = (await clients.FindByClientIdAsync(clientId))!;
            (app.Id, app.ClientId, app.ClientSecret) = (Guid.NewGuid().ToString("N"), clientId + "2", null);
            await clients.CreateAsync(app, "another secret");
        }));

        Assert.Equal(0, await portal.AskDatabaseAsync(database => database.Apps.CountAsync(app => app.ClientId == clientId + "2")));
    }

    [Fact]
    public async Task An_edit_of_a_fully_read_app_keeps_the_other_columns()
    {
        var owner = await portal.AccountAsync();
        var clientId = (await portal.AppAsync(owner, Callback)).ClientId;
        var before = await portal.AskDatabaseAsync(database => database.Apps.AsNoTracking().SingleAsync(app => app.ClientId == clientId));

        var (change, _) = await portal.InScopeAsync(services => services.GetRequiredService<AppRegistry>().EditAsync(
            owner.Actor, clientId, new AppForm { Name = "A new name", RedirectUris = Callback }));

        Assert.Equal(AppChange.Done, change);
        var after = await portal.AskDatabaseAsync(database => database.Apps.AsNoTracking().SingleAsync(app => app.ClientId == clientId));
        Assert.Equal("A new name", after.DisplayName);
        Assert.Equal(
            (before.ProtectedSecret, before.ClientSecret, before.CreatedAt), (after.ProtectedSecret, after.ClientSecret, after.CreatedAt));
        Assert.NotNull(after.ProtectedSecret);
    }

    /// <summary>All columns of the app, as text.</summary>
    private Task<string> RowAsync(string clientId) => portal.AskDatabaseAsync(async database =>
    {
        var entry = database.Entry(await database.Apps.SingleAsync(app => app.ClientId == clientId));
        return JsonSerializer.Serialize(
            entry.Properties.ToDictionary(property => property.Metadata.Name, property => property.CurrentValue));
    });
}

[Trait("Category", "Fast")]
public sealed class ClientStoreOnSqlite(PortalFactory portal) : ClientStoreTests(portal), IClassFixture<PortalFactory>;

[Trait("Category", "Database")]
public sealed class ClientStoreOnPostgreSql(PostgreSqlPortal portal) : ClientStoreTests(portal), IClassFixture<PostgreSqlPortal>;
