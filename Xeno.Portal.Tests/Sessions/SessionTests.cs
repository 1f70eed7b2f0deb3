using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Accounts;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Grants;
using Xeno.Portal.Lifecycle;
using Xeno.Portal.Sessions;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Sessions;

/// <summary>When a session ends, its cookie opens nothing any more, on any node.</summary>
public abstract class SessionTests(PortalFactory portal)
{
    [Fact]
    public async Task After_log_out_a_copy_of_the_cookie_opens_nothing()
    {
        var account = await portal.AccountAsync();
        var browser = await portal.BrowserOfAsync(account);
        var copy = portal.CopyOf(browser);
        Assert.True(await IsSignedInAsync(copy));

        var left = await LeaveAsync(browser);

        Assert.Equal("/", left.LeadsTo());
        Assert.False(await IsSignedInAsync(copy));
        Assert.Equal("session.ended", (await HistoryAsync(account))[^1]);
    }

    [Fact]
    public async Task The_database_holds_the_hash_of_the_key_only()
    {
        var browser = await portal.BrowserOfAsync(await portal.AccountAsync());
        var key = portal.SessionKeyOf(browser);

        var row = await portal.AskDatabaseAsync(database => database.Sessions.SingleAsync(row => row.KeyHash == TokenHash.Of(key)));

        Assert.DoesNotContain(key, $"{row.Id} {row.KeyHash} {row.Stamp} {row.Device}", StringComparison.Ordinal);
        var real = portal.Browser();
        await real.LogInAsync((await portal.AccountAsync()).Email);
        Assert.Equal(43, portal.SessionKeyOf(real).Length); // 256 random bits in Base64url.
    }

    [Fact]
    public async Task A_cookie_made_with_the_keys_of_the_portal_opens_nothing_without_the_key_of_a_session()
    {
        var account = await portal.AccountAsync();
        var session = await portal.AskDatabaseAsync(database => database.Sessions.SingleAsync(row => row.AccountId == account.Id));

        foreach (var guess in new[] { session.KeyHash, session.Id, account.Id })
        {
            var browser = portal.Browser();
            portal.PutSessionKey(browser, guess);
            Assert.False(await IsSignedInAsync(browser));
        }
    }

    [Fact]
    public async Task A_log_in_over_a_live_session_has_a_new_key_and_ends_the_old_one()
    {
        var (first, second) = (await portal.AccountAsync(), await portal.AccountAsync());
        var browser = await portal.BrowserOfAsync(first);
        var (copy, key) = (portal.CopyOf(browser), portal.SessionKeyOf(browser));
        var isTold = false;
        using var page = portal.Services.GetRequiredService<SessionChanges>().Subscribe(first.Id, () => isTold = true);

        Assert.Equal("/apps", (await browser.LogInAsync(second.Email)).LeadsTo());

        Assert.True(isTold);

        Assert.NotEqual(key, portal.SessionKeyOf(browser));
        Assert.False(await IsSignedInAsync(copy));
        Assert.True(await IsSignedInAsync(browser));
    }

    [Fact]
    public async Task One_session_and_all_others_are_ended_by_the_account_alone()
    {
        var (account, stranger) = (await portal.AccountAsync(), await portal.AccountAsync());
        var browsers = new List<HttpClient>();
        for (var i = 0; i < 3; i++)
            browsers.Add(await portal.BrowserOfAsync(account));
        var sessions = portal.Services.GetRequiredService<AccountSessions>();
        var ids = new List<string>();
        foreach (var browser in browsers)
            ids.Add(await IdOfAsync(browser));

        Assert.False(await sessions.EndAsync(stranger.Id, ids[0]));
        Assert.True(await IsSignedInAsync(browsers[0]));
        Assert.True(await sessions.EndAsync(account.Id, ids[0]));
        Assert.False(await sessions.EndAsync(account.Id, ids[0]));
        Assert.Equal("false, true, true", await AreSignedInAsync(browsers));

        Assert.Equal(2, await sessions.EndOthersAsync(new Actor(account.Id, ids[2]))); // The other browser, and the account's own actor.
        Assert.Equal("false, false, true", await AreSignedInAsync(browsers));
        Assert.Equal([ids[2]], (await sessions.ListForAsync(account.Id)).Select(session => session.Id));
    }

    [Fact]
    public async Task A_session_ends_after_its_absolute_age_however_often_the_browser_comes_back()
    {
        await using var strict = await portal.AnotherAsync();
        strict.Settings["Sessions:EndAfter"] = "20.00:00:00";
        var browser = await strict.BrowserOfAsync(await strict.AccountAsync());
        for (var day = 0; day < 19; day++)
        {
            strict.Leap(TimeSpan.FromDays(1));
            Assert.True(await IsSignedInAsync(browser));
        }

        strict.Leap(TimeSpan.FromDays(1));

        Assert.False(await IsSignedInAsync(browser));
    }

    [Fact]
    public async Task A_session_ends_when_the_browser_does_not_come_back_for_two_weeks()
    {
        await using var another = await portal.AnotherAsync();
        var browser = await another.BrowserOfAsync(await another.AccountAsync());
        another.Leap(TimeSpan.FromDays(8));
        Assert.True(await IsSignedInAsync(browser)); // Renewed: past half of its time.
        another.Leap(TimeSpan.FromDays(13));
        Assert.True(await IsSignedInAsync(browser));

        another.Leap(TimeSpan.FromDays(14));

        Assert.False(await IsSignedInAsync(browser));
    }

    [Fact]
    public async Task A_changed_password_and_a_suspension_end_all_sessions_on_the_next_request()
    {
        foreach (var end in new Func<GivenAccount, Task>[] { portal.ChangePasswordAsync, SuspendAsync })
        {
            var account = await portal.AccountAsync();
            var browsers = new[] { await portal.BrowserOfAsync(account), await portal.BrowserOfAsync(account) };
            Assert.Equal("true, true", await AreSignedInAsync(browsers));

            await end(account);

            Assert.Equal("false, false", await AreSignedInAsync(browsers));
        }

    }

    [Fact]
    public async Task A_session_that_starts_while_the_password_changes_is_not_live()
    {
        var account = await portal.AccountAsync();
        var before = await portal.AskDatabaseAsync(database => database.Users.SingleAsync(row => row.Id == account.Id));
        await portal.ChangePasswordAsync(account);
        var ledger = portal.Services.GetRequiredService<Portal.Data.Sessions.SessionLedger>();
        var now = portal.Time.GetUtcNow();

        var started = await ledger.StartAsync(
            new("late", "late-key", account.Id, before.SecurityStamp!, now.AddDays(1), IsPersistent: false, null), null, now);

        Assert.False(started.IsStarted);
        Assert.Null(await ledger.FindAsync("late-key", now, now.AddDays(-90)));
    }

    [Fact]
    public async Task With_a_changed_password_no_device_is_known_any_more()
    {
        var account = await portal.AccountAsync();
        var (known, knownToo) = (portal.Browser(), portal.Browser());
        await known.LogInAsync(account.Email);
        await knownToo.LogInAsync(account.Email);
        await portal.ChangePasswordAsync(account);
        for (var i = 0; i < 10; i++)
            await portal.Browser().LogInAsync(account.Email, "wrong password");

        var locked = await known.LogInAsync(account.Email, Given.NewPassword);
        Assert.Equal(HttpStatusCode.OK, locked.StatusCode); // Like any other browser.
    }

    [Fact]
    public async Task A_session_that_ends_on_one_node_is_refused_on_the_other_at_once()
    {
        await using var there = portal.Beside();
        var account = await portal.AccountAsync();
        var browser = await portal.BrowserOfAsync(account);
        var other = there.CopyOf(browser);
        Assert.True(await IsSignedInAsync(other));

        await portal.Services.GetRequiredService<AccountSessions>().EndAsync(account.Id, await IdOfAsync(browser));

        Assert.False(await IsSignedInAsync(other));
    }

    [Fact]
    public async Task Open_pages_of_the_same_node_are_told_within_a_second()
    {
        foreach (var end in new Func<GivenAccount, Task>[] { portal.ChangePasswordAsync, SuspendAsync, EndAsync, LogOutAsync })
        {
            var account = await portal.AccountAsync();
            var told = new TaskCompletionSource();
            using var page = portal.Services.GetRequiredService<SessionChanges>().Subscribe(account.Id, () => told.TrySetResult());

            await end(account);

            await told.Task.WaitAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        }

        Task<bool> EndAsync(GivenAccount account)
            => portal.Services.GetRequiredService<AccountSessions>().EndAsync(account.Id, account.Actor.SessionId);

        async Task LogOutAsync(GivenAccount account) => await LeaveAsync(await portal.BrowserOfAsync(account));
    }

    [Fact]
    public async Task Ended_sessions_and_devices_of_long_ago_are_pruned()
    {
        await using var another = await portal.AnotherAsync();
        var account = await another.AccountAsync();
        await another.Browser().LogInAsync(account.Email);
        another.Leap(TimeSpan.FromDays(15));
        await PruneAsync();
        Assert.Equal((0, 1), (await CountAsync(database => database.Sessions), await CountAsync(database => database.KnownDevices)));

        another.Leap(TimeSpan.FromDays(180));
        await PruneAsync();
        Assert.Equal(0, await CountAsync(database => database.KnownDevices));

        Task<int> CountAsync<T>(Func<Portal.Data.PortalDbContext, IQueryable<T>> rows)
            => another.AskDatabaseAsync(database => rows(database).CountAsync());
        Task PruneAsync() => another.Services.GetRequiredService<Pruning>().PruneAsync(TestContext.Current.CancellationToken);
    }

    private Task<bool> SuspendAsync(GivenAccount account)
        => portal.InScopeAsync(services => services.GetRequiredService<AccountModeration>().SuspendAsync(account.Id));

    private static Task<HttpResponseMessage> LeaveAsync(HttpClient browser) => browser.SendFormAsync("/account/logout");

    private static async Task<bool> IsSignedInAsync(HttpClient browser)
        => (await browser.GetAsync("/apps")).StatusCode is HttpStatusCode.OK;

    private static async Task<string> AreSignedInAsync(IEnumerable<HttpClient> browsers)
    {
        var all = new List<string>();
        foreach (var browser in browsers)
            all.Add(await IsSignedInAsync(browser) ? "true" : "false");
        return string.Join(", ", all);
    }

    private Task<string> IdOfAsync(HttpClient browser)
    {
        var hash = TokenHash.Of(portal.SessionKeyOf(browser));
        return portal.AskDatabaseAsync(database => database.Sessions.Where(row => row.KeyHash == hash).Select(row => row.Id).SingleAsync());
    }

    private Task<List<string>> HistoryAsync(GivenAccount account) => portal.AskDatabaseAsync(database
        => database.History.Where(entry => entry.AccountId == account.Id).OrderBy(entry => entry.Id).Select(entry => entry.Kind)
            .ToListAsync());
}

[Trait("Category", "Fast")]
public sealed class SessionsOnSqlite(PortalFactory portal) : SessionTests(portal), IClassFixture<PortalFactory>;

[Trait("Category", "Database")]
public sealed class SessionsOnPostgreSql(PostgreSqlPortal portal) : SessionTests(portal), IClassFixture<PostgreSqlPortal>
{
    private readonly PostgreSqlPortal _portal = portal;

    [Fact]
    public async Task Open_pages_at_another_node_lead_to_log_in_when_their_session_ends()
    {
        await using var there = _portal.Beside();
        var account = await _portal.AccountAsync();
        var told = new TaskCompletionSource();
        using var subscription = there.Services.GetRequiredService<SessionChanges>().Subscribe(account.Id, () => told.TrySetResult());
        await _portal.Services.GetRequiredService<InstallChanges>().UntilNotifiedAsync(there.Services.GetRequiredService<InstallChanges>());

        await _portal.Services.GetRequiredService<AccountSessions>().EndAsync(account.Id, account.Actor.SessionId);

        await told.Task.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
    }
}
