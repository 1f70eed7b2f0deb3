using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Api;
using Xeno.Portal.Grants;
using Xeno.Portal.Installations;
using Xeno.Portal.Tests.Support;
using static Xeno.Portal.Tests.Support.GivenApps;

namespace Xeno.Portal.Tests.Installations;

public abstract class InstallationServiceTests(PortalFactory portal)
{
    [Fact]
    public async Task An_app_is_installed_while_one_of_its_tokens_is_valid()
    {
        var (account, rp, browser) = await GivenAsync();
        Assert.Empty(await ListAsync(account));
        await rp.CodeAsync(browser);
        Assert.Empty(await ListAsync(account));

        var first = await rp.InstallAsync(browser, "widgets");
        portal.Leap(TimeSpan.FromHours(1));
        var second = await rp.InstallAsync(browser, "contacts");

        var app = Assert.Single(await ListAsync(account));
        Assert.Equal(
            (rp.App.ClientId, rp.App.Name, "widgets contacts", 2), (app.ClientId, app.Name, app.Scopes.ToString(), app.Tokens.Count));
        Assert.Equal(app.InstalledAt + TimeSpan.FromHours(1), app.Tokens[0].IssuedAt);
        Assert.All(app.Tokens, token => Assert.DoesNotContain(token.ShortId, first + second, StringComparison.Ordinal));

        await rp.RevokeAsync(first);
        Assert.Equal("contacts", Assert.Single(await ListAsync(account)).Scopes.ToString());
        await rp.RevokeAsync(second);
        Assert.Empty(await ListAsync(account));
    }

    [Fact]
    public async Task Of_many_tokens_the_newest_five_are_read_and_more_when_asked_for()
    {
        var (account, rp, browser) = await GivenAsync();
        await rp.InstallAsync(browser, "faqs");
        for (var i = 0; i < 7; i++)
        {
            portal.Time.Advance(TimeSpan.FromMinutes(1));
            await rp.InstallAsync(browser, "widgets");
        }

        var app = Assert.Single(await ListAsync(account));
        var all = (await WithServiceAsync(service => service.ListForAsync(
            account.Id, tokensOf: new Dictionary<string, int>(StringComparer.Ordinal) { [rp.App.ClientId] = 100 }))).Apps[0];

        Assert.Equal((8, 5, "widgets faqs"), (app.TokenCount, app.Tokens.Count, app.Scopes.ToString()));
        Assert.Equal(8, all.Tokens.Count);
        Assert.Equal(all.Tokens.OrderByDescending(token => token.IssuedAt), all.Tokens);
        Assert.Equal(all.Tokens.Take(5), app.Tokens);
        Assert.Equal(all.Tokens[^1].IssuedAt, app.InstalledAt);
    }

    [Fact]
    public async Task Apps_are_listed_a_page_at_a_time_by_name()
    {
        var (account, rp, browser) = await GivenAsync();
        var other = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), Callback));
        await rp.InstallAsync(browser);
        await other.InstallAsync(browser);
        var names = new[] { rp.App.Name, other.App.Name }.Order(StringComparer.OrdinalIgnoreCase).ToList();

        var first = await WithServiceAsync(service => service.ListForAsync(account.Id, apps: 1));
        var both = await WithServiceAsync(service => service.ListForAsync(account.Id, apps: 2));

        Assert.Equal((names[0], true), (Assert.Single(first.Apps).Name, first.HasMore));
        Assert.Equal(names, both.Apps.Select(app => app.Name));
        Assert.False(both.HasMore);
    }

    [Fact]
    public async Task A_use_of_a_token_tells_no_open_page()
    {
        var (account, rp, browser) = await GivenAsync();
        var token = await rp.InstallAsync(browser);
        var notices = 0;
        using var subscription = portal.Services.GetRequiredService<InstallChanges>().Subscribe(account.Id, () => notices++);

        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(token)).Status);
        await portal.Services.GetRequiredService<TokenUse>().FlushAsync();
        Assert.NotNull((await ListAsync(account)).Single().Tokens.Single().LastUsedAt);
        await rp.RevokeAsync(token);

        Assert.Equal(1, notices); // Of the revocation alone.
    }

    [Fact]
    public async Task Revoking_one_token_leaves_the_others()
    {
        var (account, rp, browser) = await GivenAsync();
        var older = await rp.InstallAsync(browser);
        portal.Leap(TimeSpan.FromHours(1));
        var newer = await rp.InstallAsync(browser);
        var newest = (await ListAsync(account)).Single().Tokens[0];

        Assert.True(await WithServiceAsync(service => service.RevokeTokenAsync(account.Id, newest.Id)));

        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(older)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await rp.CallAsync(newer)).Status);
        Assert.False(await WithServiceAsync(service => service.RevokeTokenAsync(account.Id, newest.Id)));
    }

    [Fact]
    public async Task Uninstalling_ends_all_tokens_and_unused_codes_and_removes_the_consent()
    {
        var (account, rp, browser) = await GivenAsync();
        var token = await rp.InstallAsync(browser);
        var code = await rp.CodeAsync(browser);

        Assert.True(await WithServiceAsync(service => service.UninstallAsync(account.Id, rp.App.ClientId)));

        Assert.Equal(HttpStatusCode.Unauthorized, (await rp.CallAsync(token)).Status);
        (await rp.ExchangeAsync(code)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant");
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(rp.AuthorizeUrl())).StatusCode);
        Assert.False(await WithServiceAsync(service => service.UninstallAsync(account.Id, rp.App.ClientId)));
    }

    [Fact]
    public async Task Other_accounts_can_neither_see_nor_end_an_installation()
    {
        var (account, rp, browser) = await GivenAsync();
        var token = await rp.InstallAsync(browser);
        var id = (await ListAsync(account)).Single().Tokens.Single().Id;
        var other = await portal.AccountAsync();

        Assert.Empty(await ListAsync(other));
        Assert.False(await WithServiceAsync(service => service.RevokeTokenAsync(other.Id, id)));
        Assert.False(await WithServiceAsync(service => service.UninstallAsync(other.Id, rp.App.ClientId)));
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(token)).Status);
    }

    [Fact]
    public async Task An_uninstall_that_races_with_an_exchange_leaves_no_token_alive()
    {
        var (account, rp, browser) = await GivenAsync();
        for (var round = 0; round < 20; round++)
        {
            var code = await rp.CodeAsync(browser);

            var exchange = rp.ExchangeAsync(code);
            var uninstall = WithServiceAsync(service => service.UninstallAsync(account.Id, rp.App.ClientId));
            await Task.WhenAll(exchange, uninstall);

            Assert.True(await uninstall);
            if ((await exchange)["access_token"] is { } token)
                Assert.Equal(HttpStatusCode.Unauthorized, (await rp.CallAsync(token)).Status);
            Assert.Empty(await ListAsync(account));
        }
    }

    [Fact]
    public async Task Open_pages_are_notified_when_a_token_is_issued_or_ended()
    {
        var (account, rp, browser) = await GivenAsync();
        var notified = 0;
        var changes = portal.Services.GetRequiredService<InstallChanges>();
        using var subscription = changes.Subscribe(account.Id, () => Interlocked.Increment(ref notified));

        var token = await rp.InstallAsync(browser);
        Assert.Equal(1, notified);
        await rp.RevokeAsync(token);
        Assert.Equal(2, notified);
        subscription.Dispose();
        await rp.InstallAsync(browser);
        Assert.Equal(2, notified);
    }

    private async Task<(GivenAccount, RelyingParty, HttpClient)> GivenAsync()
    {
        var account = await portal.AccountAsync();
        var rp = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), Callback));
        return (account, rp, await portal.BrowserOfAsync(account));
    }

    private async Task<IReadOnlyList<InstalledApp>> ListAsync(GivenAccount account)
        => (await WithServiceAsync(service => service.ListForAsync(account.Id))).Apps;

    private Task<TResult> WithServiceAsync<TResult>(Func<InstallationService, Task<TResult>> work)
        => portal.InScopeAsync(services => work(services.GetRequiredService<InstallationService>()));
}

[Trait("Category", "Fast")]
public sealed class InstallationServiceOnSqlite(PortalFactory portal) : InstallationServiceTests(portal), IClassFixture<PortalFactory>;

[Trait("Category", "Database")]
public sealed class InstallationServiceOnPostgreSql(PostgreSqlPortal portal)
    : InstallationServiceTests(portal), IClassFixture<PostgreSqlPortal>;
