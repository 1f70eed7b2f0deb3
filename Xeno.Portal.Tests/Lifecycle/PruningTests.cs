using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Lifecycle;
using Xeno.Portal.Limits;
using Xeno.Portal.Tests.Support;
using static Xeno.Portal.Tests.Support.GivenApps;

namespace Xeno.Portal.Tests.Lifecycle;

/// <summary>Ended grants are removed and valid ones are kept. A used code is kept while a replay can end its token.</summary>
public abstract class PruningTests(PortalFactory portal)
{
    [Fact]
    public async Task Ended_grants_and_unused_codes_are_removed_and_valid_tokens_are_kept()
    {
        var account = await portal.AccountAsync();
        var rp = new RelyingParty(portal, await portal.AppAsync(account, Callback));
        var browser = await portal.BrowserOfAsync(account);
        var live = await rp.InstallAsync(browser);
        await rp.RevokeAsync(await rp.InstallAsync(browser));
        await rp.CodeAsync(browser);
        Assert.Equal(3, await GrantsAsync(account));

        await PruneAsync();
        Assert.Equal(3, await GrantsAsync(account)); // Too recent.

        portal.Leap(TimeSpan.FromHours(2));
        await PruneAsync();
        Assert.Equal(2, await GrantsAsync(account)); // The code has expired.

        portal.Leap(TimeSpan.FromDays(8));
        await PruneAsync();
        Assert.Equal(1, await GrantsAsync(account));
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(live)).Status);
    }

    [Fact]
    public void Each_kind_of_removed_rows_is_explained_to_operators()
    {
        var text = File.ReadAllText(Path.Combine(SourceTree.Top, "docs", "operations.md"));
        var section = text.Split("## What is removed by itself")[1].Split("\n## ")[0];

        Assert.All(
            portal.Services.GetServices<IPrunableRows>(), rows => Assert.Contains($"`{rows.Kind}`)", section, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_used_code_is_kept_for_its_lifetime_and_ends_its_token_when_it_is_replayed()
    {
        var (rp, code, token, _) = await ExchangedAsync();

        portal.Leap(TimeSpan.FromSeconds(299));
        await PruneAsync();
        (await rp.ExchangeAsync(code)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant");

        Assert.Equal(HttpStatusCode.Unauthorized, (await rp.CallAsync(token)).Status);
    }

    [Fact]
    public async Task A_used_code_is_removed_after_its_lifetime_and_its_token_and_history_stay()
    {
        var (rp, code, token, account) = await ExchangedAsync();
        var history = await HistoryAsync(account);

        portal.Leap(TimeSpan.FromSeconds(301));
        await PruneAsync();

        Assert.Equal(["access_token"], await portal.AskDatabaseAsync(
            database => database.Tokens.Where(row => row.Subject == account.Id).Select(row => row.Type).ToListAsync()));
        Assert.Equal(1, await GrantsAsync(account));
        Assert.Equal(history, await HistoryAsync(account));
        var refusal = (await rp.ExchangeAsync(code)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant");
        Assert.Contains("it was used or expired some time ago", refusal["error_description"], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(token)).Status);
    }

    [Fact]
    public async Task Counts_of_wrong_guesses_are_removed_after_their_time()
    {
        var guesses = portal.Services.GetRequiredService<WrongGuesses>();
        var guess = new Guess(Guid.NewGuid().ToString(), Most: 10, Guess.FiveMinutes);
        await guesses.CountAsync(guess);

        await PruneAsync();
        Assert.Equal(1, await CountsAsync());

        portal.Time.Advance(TimeSpan.FromMinutes(6));
        await PruneAsync();
        Assert.Equal(0, await CountsAsync());

        Task<int> CountsAsync() => portal.AskDatabaseAsync(database => database.GuessCounts.CountAsync(count => count.Key == guess.Key));
    }

    private async Task<(RelyingParty Rp, string Code, string Token, GivenAccount Account)> ExchangedAsync()
    {
        var account = await portal.AccountAsync();
        var rp = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), Callback));
        var code = await rp.CodeAsync(await portal.BrowserOfAsync(account));
        return (rp, code, (await rp.ExchangeAsync(code))["access_token"]!, account);
    }

    private Task<List<string>> HistoryAsync(GivenAccount account) => portal.AskDatabaseAsync(database
        => database.History.Where(entry => entry.AccountId == account.Id).OrderBy(entry => entry.Id)
            .Select(entry => entry.Kind).ToListAsync());

    private Task PruneAsync() => portal.Services.GetRequiredService<Pruning>().PruneAsync(TestContext.Current.CancellationToken);

    private Task<int> GrantsAsync(GivenAccount account)
        => portal.AskDatabaseAsync(database => database.Grants.CountAsync(grant => grant.Subject == account.Id));
}

[Trait("Category", "Fast")]
public sealed class PruningOnSqlite(PortalFactory portal) : PruningTests(portal), IClassFixture<PortalFactory>;

[Trait("Category", "Database")]
public sealed class PruningOnPostgreSql(PostgreSqlPortal portal) : PruningTests(portal), IClassFixture<PostgreSqlPortal>;
