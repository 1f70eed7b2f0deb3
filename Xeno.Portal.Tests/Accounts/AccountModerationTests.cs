using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Accounts;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Accounts;

/// <summary>What an operator does to an account.</summary>
public abstract class AccountModerationTests(PortalFactory portal)
{
    [Fact]
    public async Task A_suspended_account_is_refused_until_it_is_resumed()
    {
        var account = await portal.AccountAsync();
        var rp = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), "https://app.example/callback"));
        var browser = await portal.BrowserOfAsync(account);
        var token = await rp.InstallAsync(browser);

        Assert.True(await DoAsync(accounts => accounts.SuspendAsync(account.Id)));
        Assert.Equal(HttpStatusCode.Unauthorized, (await rp.CallAsync(token)).Status);
        // The log-in page again, with the same refusal as for a wrong password.
        Assert.Equal(HttpStatusCode.OK, (await portal.Browser().LogInAsync(account.Email)).StatusCode);
        portal.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/apps")).StatusCode);

        Assert.True(await DoAsync(accounts => accounts.ResumeAsync(account.Id)));
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(token)).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await portal.Browser().LogInAsync(account.Email)).StatusCode);
    }

    [Fact]
    public async Task A_locked_account_is_unlocked_before_its_time()
    {
        var account = await portal.AccountAsync();
        for (var i = 0; i < 10; i++)
            await portal.Browser().LogInAsync(account.Email, "a wrong password");
        Assert.Equal(HttpStatusCode.OK, (await portal.Browser().LogInAsync(account.Email)).StatusCode);

        Assert.True(await DoAsync(accounts => accounts.UnlockAsync(account.Id)));
        Assert.Equal(HttpStatusCode.Redirect, (await portal.Browser().LogInAsync(account.Email)).StatusCode);
    }

    [Fact]
    public async Task A_second_suspension_keeps_the_time_of_the_first()
    {
        var account = await portal.AccountAsync();
        await DoAsync(accounts => accounts.SuspendAsync(account.Id));
        var since = await SuspendedAtAsync();
        portal.Leap(TimeSpan.FromHours(1));

        await DoAsync(accounts => accounts.SuspendAsync(account.Id));
        Assert.Equal(since, await SuspendedAtAsync());
        await DoAsync(accounts => accounts.ResumeAsync(account.Id));
        Assert.Null(await SuspendedAtAsync());

        Task<DateTimeOffset?> SuspendedAtAsync()
            => portal.AskDatabaseAsync(database => database.Users.Where(a => a.Id == account.Id).Select(a => a.SuspendedAt).SingleAsync());
    }

    [Fact]
    public async Task An_unknown_account_is_not_found()
    {
        Assert.False(await DoAsync(accounts => accounts.SuspendAsync("no-such-account")));
        Assert.False(await DoAsync(accounts => accounts.ResumeAsync("no-such-account")));
        Assert.False(await DoAsync(accounts => accounts.UnlockAsync("no-such-account")));
    }

    private Task<bool> DoAsync(Func<AccountModeration, Task<bool>> act)
        => portal.InScopeAsync(services => act(services.GetRequiredService<AccountModeration>()));
}

[Trait("Category", "Fast")]
public sealed class AccountModerationOnSqlite(PortalFactory portal) : AccountModerationTests(portal), IClassFixture<PortalFactory>;

[Trait("Category", "Database")]
public sealed class AccountModerationOnPostgreSql(PostgreSqlPortal portal)
    : AccountModerationTests(portal), IClassFixture<PostgreSqlPortal>;
