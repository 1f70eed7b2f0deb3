using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Apps;
using Xeno.Portal.Tests.Support;
using static Xeno.Portal.Tests.Support.GivenApps;

namespace Xeno.Portal.Tests.Weaknesses;

/// <summary>A change between two steps of the flow takes effect at the next step, and does not consume the code.</summary>
public abstract class ChangedMeanwhileTests(PortalFactory portal)
{
    private const string Other = "https://app.example/other";

    [Theory]
    [InlineData(null)]
    [InlineData(Callback)]
    public async Task A_code_that_went_to_a_redirect_uri_removed_since_gives_no_token(string? redirectUri)
    {
        var (rp, owner, account, browser) = await GivenAsync();
        var code = await rp.CodeAsync(browser, ("redirect_uri", redirectUri));

        await SetRedirectUrisAsync(owner, rp.App, Other);
        (await rp.ExchangeAsync(code, ("redirect_uri", redirectUri))).ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant");
        await SetRedirectUrisAsync(owner, rp.App, Other, Callback);

        Assert.Equal(HttpStatusCode.OK, (await rp.ExchangeAsync(code, ("redirect_uri", redirectUri))).Status);
        Assert.Equal(1, await TokensOfAsync(account));
    }

    [Fact]
    public async Task A_code_that_went_to_another_port_of_a_loopback_address_gives_its_token()
    {
        var rp = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), "http://127.0.0.1/cb"));
        (string, string?) redirectUri = ("redirect_uri", "http://127.0.0.1:51004/cb");

        var code = await rp.CodeAsync(await portal.BrowserOfAsync(await portal.AccountAsync()), redirectUri);

        Assert.Equal(HttpStatusCode.OK, (await rp.ExchangeAsync(code, redirectUri)).Status);
    }

    [Fact]
    public async Task An_app_suspended_while_the_page_was_open_gets_no_code_and_one_suspended_later_no_token_until_it_is_resumed()
    {
        var (rp, _, account, browser) = await GivenAsync();
        var code = await rp.CodeAsync(browser);
        var form = await ConsentForms.FormAsync(browser, rp.AuthorizeUrl());

        await portal.InScopeAsync(services => services.GetRequiredService<AppModeration>().SuspendAsync(rp.App.ClientId));
        var refused = (await ConsentForms.PostAsync(browser, form)).RedirectQuery();
        (await rp.ExchangeAsync(code)).ShouldBeError(HttpStatusCode.BadRequest, "unauthorized_client");

        Assert.Equal("unauthorized_client", refused["error"]);
        Assert.Equal(0, await TokensOfAsync(account));
        await portal.InScopeAsync(services => services.GetRequiredService<AppModeration>().ResumeAsync(rp.App.ClientId));
        Assert.Equal(HttpStatusCode.OK, (await rp.ExchangeAsync(code)).Status);
    }

    [Fact]
    public async Task An_account_suspended_while_the_page_was_open_gives_no_code_and_one_suspended_later_no_token_until_it_is_resumed()
    {
        var (rp, _, account, browser) = await GivenAsync();
        var code = await rp.CodeAsync(browser);
        var form = await ConsentForms.FormAsync(browser, rp.AuthorizeUrl());

        await SuspendAsync(portal.Time.GetUtcNow());
        var refused = await ConsentForms.PostAsync(browser, form);
        (await rp.ExchangeAsync(code)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant");

        Assert.StartsWith("/account/login?", refused.LeadsTo(), StringComparison.Ordinal); // The suspension has ended the session.
        Assert.Equal(0, await TokensOfAsync(account));
        await SuspendAsync(null);
        Assert.Equal(HttpStatusCode.OK, (await rp.ExchangeAsync(code)).Status);

        Task SuspendAsync(DateTimeOffset? at) => portal.AskDatabaseAsync(database => database.Users.Where(a => a.Id == account.Id)
            .ExecuteUpdateAsync(a => a.SetProperty(x => x.SuspendedAt, at)));
    }

    private Task SetRedirectUrisAsync(GivenAccount owner, GivenApp app, params string[] uris) => WithRegistryAsync(async apps =>
    {
        var form = new AppForm { Name = app.Name, RedirectUris = string.Join('\n', uris) };
        var (change, problems) = await apps.EditAsync(owner.Actor, app.ClientId, form);
        Assert.False(problems.Any);
        return change;
    });

    private async Task WithRegistryAsync(Func<AppRegistry, Task<AppChange>> work)
        => Assert.Equal(AppChange.Done, await portal.InScopeAsync(services => work(services.GetRequiredService<AppRegistry>())));

    private Task<int> TokensOfAsync(GivenAccount account)
        => portal.AskDatabaseAsync(database
            => database.Tokens.CountAsync(token => token.Subject == account.Id && token.Type == "access_token"));

    private async Task<(RelyingParty, GivenAccount Owner, GivenAccount Account, HttpClient)> GivenAsync()
    {
        var (owner, account) = (await portal.AccountAsync(), await portal.AccountAsync());
        return (new RelyingParty(portal, await portal.AppAsync(owner, Callback)), owner, account, await portal.BrowserOfAsync(account));
    }
}

[Trait("Category", "Fast")]
public sealed class ChangedMeanwhileOnSqlite(PortalFactory portal) : ChangedMeanwhileTests(portal), IClassFixture<PortalFactory>;

[Trait("Category", "Database")]
public sealed class ChangedMeanwhileOnPostgreSql(PostgreSqlPortal portal) : ChangedMeanwhileTests(portal), IClassFixture<PostgreSqlPortal>;
