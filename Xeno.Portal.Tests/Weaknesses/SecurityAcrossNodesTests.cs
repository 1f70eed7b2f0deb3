using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Accounts;
using Xeno.Portal.Apps;
using Xeno.Portal.Data.History;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Grants;
using Xeno.Portal.Sessions;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Weaknesses;

/// <summary>
/// Two nodes on one PostgreSQL: an attacker gains nothing by going to the other one. Codes and tokens: <c>NodesTests</c>; an ended session:
/// <c>SessionTests</c>; counts by address: <c>GuessingTests</c>.
/// </summary>
[Trait("Category", "Database")]
public sealed class SecurityAcrossNodesTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private PortalFactory Here => nodes.Here;

    private PortalFactory There => nodes.There;

    [Fact]
    public async Task A_proof_that_was_made_on_one_node_counts_on_the_other()
    {
        var owner = await Here.AccountAsync();
        var app = await Here.AppAsync(owner, GivenApps.Callback);
        nodes.Leap(StepUp.FreshFor + TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<ProofNeededException>(RevealThereAsync);

        Assert.True(await ProveAsync(Here, owner, Given.Password));

        Assert.Equal(app.Secret, await RevealThereAsync());

        Task<string?> RevealThereAsync() => There.InScopeAsync(
            services => services.GetRequiredService<AppRegistry>().RevealSecretAsync(owner.Actor, app.ClientId));
    }

    [Fact]
    public async Task Wrong_passwords_of_the_proof_are_counted_together()
    {
        var owner = await Here.AccountAsync();
        for (var i = 0; i < 10; i++)
            Assert.False(await ProveAsync(i % 2 == 0 ? Here : There, owner, "wrong password"));

        Assert.False(await ProveAsync(Here, owner, Given.Password));
        Assert.False(await ProveAsync(There, owner, Given.Password));
        nodes.Leap(TimeSpan.FromMinutes(5));
        Assert.True(await ProveAsync(There, owner, Given.Password));
    }

    [Fact]
    public async Task Of_24_wrong_passwords_at_the_same_time_at_two_nodes_ten_are_compared_and_the_account_is_locked()
    {
        var account = await Here.AccountAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(
            i => (i % 2 == 0 ? Here : There).Browser().LogInAsync(account.Email, "wrong password")));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        foreach (var node in nodes.Both)
            Assert.Equal(SignIn.Refusal, await (await node.Browser().LogInAsync(account.Email)).AlertAsync());
        Assert.Equal(1, await Here.AskDatabaseAsync(database => database.History.CountAsync(
            entry => entry.AccountId == account.Id && entry.Kind == HistoryKinds.AccountLocked.Name)));
    }

    [Fact]
    public async Task A_suspended_account_is_refused_on_the_other_node_at_once()
    {
        var account = await Here.AccountAsync();
        var (rp, token) = await Here.InstallAsync(account);
        var there = new RelyingParty(There, rp.App);
        var browser = There.CopyOf(await Here.BrowserOfAsync(account));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/apps")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await there.CallAsync(token)).Status);

        await Here.InScopeAsync(services => services.GetRequiredService<AccountModeration>().SuspendAsync(account.Id));

        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/apps")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await there.CallAsync(token)).Status);
        Assert.Equal(SignIn.Refusal, await (await There.Browser().LogInAsync(account.Email)).AlertAsync());
    }

    [Fact]
    public async Task A_suspended_app_and_the_apps_of_a_suspended_developer_are_refused_on_the_other_node_at_once_and_come_back()
    {
        (Func<IServiceProvider, GivenAccount, GivenApp, Task> Suspend, Func<IServiceProvider, GivenAccount, GivenApp, Task> Resume)[] ways =
        [
            ((node, _, app) => node.GetRequiredService<AppModeration>().SuspendAsync(app.ClientId, null),
                (node, _, app) => node.GetRequiredService<AppModeration>().ResumeAsync(app.ClientId, null)),
            ((node, developer, _) => node.GetRequiredService<AccountModeration>().SuspendAsync(developer.Id),
                (node, developer, _) => node.GetRequiredService<AccountModeration>().ResumeAsync(developer.Id)),
        ];
        foreach (var (suspend, resume) in ways)
        {
            var developer = await Here.AccountAsync();
            var there = new RelyingParty(There, await Here.AppAsync(developer, GivenApps.Callback));
            var browser = There.CopyOf(await Here.BrowserOfAsync(await Here.AccountAsync()));
            var token = await there.InstallAsync(browser);
            var code = await there.CodeAsync(browser);

            await Here.InScopeAsync(services => suspend(services, developer, there.App));

            (await browser.GetAsync(there.AuthorizeUrl())).RedirectQuery().ShouldBeError("unauthorized_client");
            Assert.NotEqual(HttpStatusCode.OK, (await there.ExchangeAsync(code)).Status);
            Assert.NotEqual("True", (await there.IntrospectAsync(token))["active"]);
            Assert.Equal(HttpStatusCode.Unauthorized, (await there.CallAsync(token)).Status);

            await Here.InScopeAsync(services => resume(services, developer, there.App));
            Assert.Equal(HttpStatusCode.OK, (await there.CallAsync(token)).Status);
            Assert.Equal(HttpStatusCode.OK, (await there.ExchangeAsync(code)).Status);
        }
    }

    [Fact]
    public async Task A_changed_password_ends_the_sessions_and_the_known_devices_on_the_other_node()
    {
        var account = await Here.AccountAsync();
        var (browser, known) = (There.CopyOf(await Here.BrowserOfAsync(account)), There.Browser());
        Assert.Equal("/apps", (await known.LogInAsync(account.Email)).LeadsTo());
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/apps")).StatusCode);

        await Here.ChangePasswordAsync(account);

        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/apps")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await known.GetAsync("/apps")).StatusCode);
        for (var i = 0; i < 10; i++)
            await Here.Browser().LogInAsync(account.Email, Given.Password);
        Assert.Equal(SignIn.Refusal, await (await known.LogInAsync(account.Email, Given.NewPassword)).AlertAsync());
    }

    [Fact]
    public async Task Uninstalls_that_meet_remembered_passes_on_the_other_node_leave_nothing_installed()
    {
        var account = await Here.AccountAsync();
        var there = new RelyingParty(There, await Here.AppAsync(await Here.AccountAsync(), GivenApps.Callback));
        var browser = There.CopyOf(await Here.BrowserOfAsync(account));
        for (var round = 0; round < 10; round++)
        {
            await there.InstallAsync(browser);
            var passes = Enumerable.Range(0, 4).Select(_ => browser.GetAsync(there.AuthorizeUrl())).ToList();
            await Here.Services.GetRequiredService<GrantEnding>().UninstallAsync(account.Id, there.App.ClientId);
            await Task.WhenAll(passes);

            Assert.Equal(0, await Here.AskDatabaseAsync(database
                => database.Tokens.CountAsync(token => token.Subject == account.Id && token.Status == TokenStatuses.Valid)));
        }
    }

    [Fact]
    public async Task Of_several_registrations_of_one_address_at_two_nodes_one_creates_the_account_and_the_others_are_refused()
    {
        var email = $"{Guid.NewGuid():N}@example.com";

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            i => (i % 2 == 0 ? Here : There).Browser().RegisterAsync(email, password: $"{Given.Password} {i}")));

        Assert.Equal("/apps", Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.Redirect).LeadsTo());
        Assert.Equal(7, answers.Count(answer => answer.StatusCode is HttpStatusCode.OK));
        Assert.Equal(1, await Here.AskDatabaseAsync(database => database.Accounts.CountAsync(account => account.Email == email)));
    }

    [Fact]
    public async Task A_log_in_that_one_node_asked_for_again_is_done_at_the_other()
    {
        var account = await Here.AccountAsync();
        var here = new RelyingParty(Here, await Here.AppAsync(await Here.AccountAsync(), GivenApps.Callback));
        foreach (var browser in new[] { await Here.BrowserOfAsync(account), Here.Browser() })
        {
            var back = (await browser.GetAsync(here.AuthorizeUrl(("prompt", "login")))).RedirectQuery()["returnUrl"];
            var there = There.CopyOf(browser);
            Assert.StartsWith("/account/login?", (await there.GetAsync(back)).LeadsTo(), StringComparison.Ordinal);
            nodes.Leap(TimeSpan.FromMinutes(1));

            Assert.Equal(back, (await there.LogInAsync(account.Email, returnUrl: back)).LeadsTo());
            Assert.Equal(HttpStatusCode.OK, (await there.GetAsync(back)).StatusCode);
        }
    }

    private static Task<bool> ProveAsync(PortalFactory node, GivenAccount owner, string password)
        => node.InScopeAsync(services => services.GetRequiredService<StepUp>().ProveAsync(owner.Actor, password));
}

/// <summary>Two portals on one PostgreSQL database.</summary>
public sealed class TwoNodes(PostgreSqlCluster cluster) : IAsyncLifetime
{
    private readonly PostgreSqlPortal _here = new(cluster);
    private PortalFactory? _there;

    public PortalFactory Here => _here;

    public PortalFactory There => _there!;

    public IReadOnlyList<PortalFactory> Both => [Here, There];

    /// <summary>Moves the clocks of both by the same time.</summary>
    public void Leap(TimeSpan time)
    {
        foreach (var node in Both)
            node.Leap(time);
    }

    public async ValueTask InitializeAsync()
    {
        await _here.InitializeAsync();
        _there = _here.Beside();
    }

    public async ValueTask DisposeAsync()
    {
        await There.DisposeAsync();
        await Here.DisposeAsync();
    }
}
