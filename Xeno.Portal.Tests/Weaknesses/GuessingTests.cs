using System.Net;
using Xeno.Portal.Tests.Support;
using static Xeno.Portal.Tests.Support.GivenApps;

namespace Xeno.Portal.Tests.Weaknesses;

/// <summary>Guessing passwords and secrets, and locking an owner out by guessing on purpose.</summary>
public abstract class GuessingTests(PortalFactory portal)
{
    private static readonly TimeSpan s_wait = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Wrong_passwords_are_counted_across_nodes_and_from_zero_after_the_wait()
    {
        await using var here = await WithAsync("RateLimits:WrongPasswordsPerAddress", "3");
        await using var there = here.Beside();
        var (one, other) = (await here.AccountAsync(), await here.AccountAsync());
        Assert.Equal(HttpStatusCode.OK, (await here.Browser().LogInAsync(one.Email, "wrong password")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await there.Browser().LogInAsync(other.Email, "wrong password")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await there.Browser().LogInAsync("unknown@example.com", "wrong password")).StatusCode);

        foreach (var node in new[] { here, there })
            Assert.Equal(HttpStatusCode.TooManyRequests, (await node.Browser().LogInAsync(one.Email)).StatusCode);

        foreach (var node in new[] { here, there })
            node.Time.Advance(s_wait + TimeSpan.FromMinutes(1)); // Each node has a clock of its own.
        foreach (var node in new[] { here, there })
            Assert.Equal(HttpStatusCode.Redirect, (await node.Browser().LogInAsync(one.Email)).StatusCode);
    }

    [Fact]
    public async Task Wrong_secrets_are_counted_across_nodes_and_from_zero_after_the_wait()
    {
        await using var here = await WithAsync("RateLimits:WrongSecretsPerAppAndAddress", "3");
        await using var there = here.Beside();
        var account = await here.AccountAsync();
        var (app, others) = (await here.AppAsync(account, Callback), await here.AppAsync(account, Callback));
        var nodes = new[] { new RelyingParty(here, app), new RelyingParty(there, app) };
        var token = await nodes[0].InstallAsync(await here.BrowserOfAsync(account));
        (await WrongAsync(nodes[0])).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_client");
        (await WrongAsync(nodes[1])).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_client");
        (await WrongAsync(nodes[0])).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_client");

        // The other node has not read the count yet: it checks one more guess.
        (await WrongAsync(nodes[1])).ShouldBeError(HttpStatusCode.Unauthorized, "invalid_client");
        foreach (var node in nodes)
        {
            var refused = (await node.IntrospectAsync(token)).ShouldBeError(HttpStatusCode.TooManyRequests, "temporarily_unavailable");
            Assert.InRange(refused.Response.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), s_wait);
            Assert.NotNull(refused["request_id"]);
            (await WrongAsync(node)).ShouldBeError(HttpStatusCode.TooManyRequests, "temporarily_unavailable");
        }

        // Another app at the same address is not limited, and neither are the tokens of this app.
        Assert.Equal(HttpStatusCode.OK, (await new RelyingParty(here, others).IntrospectAsync(token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await nodes[0].CallAsync(token)).Status);

        foreach (var node in new[] { here, there })
            node.Time.Advance(s_wait);
        foreach (var node in nodes)
            Assert.Equal("True", (await node.IntrospectAsync(token))["active"]);

        static Task<JsonAnswer> WrongAsync(RelyingParty node) => node.ExchangeAsync("x", ("client_secret", "wrong"));
    }

    [Fact]
    public async Task Wrong_passwords_in_other_browsers_do_not_lock_a_known_browser()
    {
        var account = await portal.AccountAsync();
        var owners = portal.Browser();
        Assert.Equal(HttpStatusCode.Redirect, (await owners.LogInAsync(account.Email)).StatusCode);

        await LockAsync(account);

        Assert.Equal(HttpStatusCode.OK, (await portal.Browser().LogInAsync(account.Email)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await owners.LogInAsync(account.Email)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await owners.GetAsync("/apps")).StatusCode);
    }

    [Fact]
    public async Task A_forged_device_cookie_or_one_of_another_account_is_ignored()
    {
        var (account, other) = (await portal.AccountAsync(), await portal.AccountAsync());
        var foreign = portal.Browser();
        Assert.Equal(HttpStatusCode.Redirect, (await foreign.LogInAsync(other.Email)).StatusCode);
        var device = foreign.Cookies().GetAllCookies()["xeno-device"]!.Value;
        var session = foreign.Cookies().GetAllCookies()["xeno-session"]!.Value;
        await LockAsync(account);

        Assert.Equal(HttpStatusCode.OK, (await foreign.LogInAsync(account.Email)).StatusCode);
        string[] forgeries =
            [device, device[..^2], device + "AA", "CfDJ8", $"{account.Id}:x", session, "%00", new string('A', 3000)];
        foreach (var forged in forgeries)
        {
            var browser = portal.Browser();
            browser.Cookies().Add(new Cookie("xeno-device", forged, "/", "localhost"));
            Assert.Equal(HttpStatusCode.OK, (await browser.LogInAsync(account.Email)).StatusCode);
        }
    }

    [Fact]
    public async Task A_known_browser_has_its_own_count_of_wrong_passwords()
    {
        await using var strict = await WithAsync("Accounts:LockoutAfter", "3");
        var account = await strict.AccountAsync();
        var (known, knownToo) = (strict.Browser(), strict.Browser());
        Assert.Equal(HttpStatusCode.Redirect, (await known.LogInAsync(account.Email)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await knownToo.LogInAsync(account.Email)).StatusCode);

        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.OK, (await known.LogInAsync(account.Email, "wrong password")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await strict.Browser().LogInAsync(account.Email)).StatusCode);

        // After its own limit it counts as an unknown browser, and so do its wrong passwords.
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.OK, (await known.LogInAsync(account.Email, "wrong password")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await known.LogInAsync(account.Email)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await strict.Browser().LogInAsync(account.Email)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await knownToo.LogInAsync(account.Email)).StatusCode);

        // After the wait all counts are zero.
        strict.Time.Advance(s_wait);
        Assert.Equal(HttpStatusCode.Redirect, (await strict.Browser().LogInAsync(account.Email)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await known.LogInAsync(account.Email)).StatusCode);
    }

    [Fact]
    public async Task A_browser_is_known_to_the_last_five_accounts_that_signed_in()
    {
        var browser = portal.Browser();
        var accounts = new List<GivenAccount>();
        for (var i = 0; i < 6; i++)
        {
            accounts.Add(await portal.AccountAsync());
            Assert.Equal(HttpStatusCode.Redirect, (await browser.LogInAsync(accounts[i].Email)).StatusCode);
            portal.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await LockAsync(accounts[0]);
        await LockAsync(accounts[1]);

        Assert.Equal(HttpStatusCode.OK, (await browser.LogInAsync(accounts[0].Email)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.LogInAsync(accounts[1].Email)).StatusCode);
    }

    private async Task LockAsync(GivenAccount account, PortalFactory? at = null)
    {
        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.OK, (await (at ?? portal).Browser().LogInAsync(account.Email, "wrong password")).StatusCode);
    }

    private async Task<PortalFactory> WithAsync(string key, string value)
    {
        var another = await portal.AnotherAsync();
        another.Settings[key] = value;
        return another;
    }
}

[Trait("Category", "Fast")]
public sealed class GuessingOnSqlite(PortalFactory portal) : GuessingTests(portal), IClassFixture<PortalFactory>;

[Trait("Category", "Database")]
public sealed class GuessingOnPostgreSql(PostgreSqlPortal portal) : GuessingTests(portal), IClassFixture<PostgreSqlPortal>;
