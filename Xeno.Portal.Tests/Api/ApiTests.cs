using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Accounts;
using Xeno.Portal.Api;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Api;

/// <summary>What an access token gives access to, and how a request without the right one is refused (RFC 6750).</summary>
public abstract class ApiTests(PortalFactory portal)
{
    [Fact]
    public async Task Me_returns_the_account_the_app_and_the_scopes()
    {
        var account = await portal.AccountAsync();
        var (rp, token) = await portal.InstallAsync(account, "contacts brands");

        var me = await rp.CallAsync(token);

        Assert.Equal(HttpStatusCode.OK, me.Status);
        Assert.Equal(
            (account.Id, account.Email, account.Email.Split('@')[0], rp.App.ClientId),
            (me["id"], me["email"], me["display_name"], me["client_id"]));
        Assert.False(me.Json.GetProperty("email_verified").GetBoolean()); // Nobody has confirmed it yet.
        Assert.Equal(["widgets", "contacts"], me.Json.GetProperty("scopes").EnumerateArray().Select(s => s.GetString()));
        Assert.True(me.Response.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task Me_says_so_when_the_address_is_confirmed()
    {
        var account = await portal.AccountAsync();
        var (rp, token) = await portal.InstallAsync(account);
        await portal.AskDatabaseAsync(database => database.Accounts.Where(row => row.Id == account.Id)
            .ExecuteUpdateAsync(row => row.SetProperty(a => a.EmailConfirmed, true)));

        Assert.True((await rp.CallAsync(token)).Json.GetProperty("email_verified").GetBoolean());
    }

    [Fact]
    public async Task The_next_account_with_the_address_of_a_deleted_one_has_another_id()
    {
        var rp = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), GivenApps.Callback));
        var email = $"{Guid.NewGuid():N}@example.com";
        var firstToken = await RegisterAndInstallAsync();
        var first = await rp.CallAsync(firstToken);
        await portal.InScopeAsync(services => services.GetRequiredService<AccountDeletion>().DeleteAsync(first["id"]!));

        var token = await RegisterAndInstallAsync();

        var (second, introspected) = (await rp.CallAsync(token), await rp.IntrospectAsync(token));
        Assert.Equal((email, email, introspected["sub"]), (first["email"], second["email"], second["id"]));
        Assert.NotEqual(first["id"], second["id"]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await rp.CallAsync(firstToken)).Status);

        async Task<string> RegisterAndInstallAsync()
        {
            var browser = portal.Browser();
            Assert.Equal("/apps", (await browser.RegisterAsync(email)).LeadsTo());
            return await rp.InstallAsync(browser);
        }
    }

    [Theory]
    [InlineData("widgets", "widgets")]
    [InlineData("brands", "widgets")]
    [InlineData("faqs", "faqs")]
    [InlineData("contacts", "contacts")]
    [InlineData("conversations", "conversations")]
    public async Task A_list_needs_its_scope(string path, string scope)
    {
        var account = await portal.AccountAsync();
        var others = string.Join(' ', new[] { "widgets", "faqs", "contacts", "conversations" }.Where(s => s != scope));
        var (with, token) = await portal.InstallAsync(account, scope);
        var (without, otherToken) = await portal.InstallAsync(account, others);

        Assert.Equal(HttpStatusCode.OK, (await with.CallAsync(token, $"/api/v1/{path}")).Status);
        var refused = await without.CallAsync(otherToken, $"/api/v1/{path}");
        var challenge = await ApiRefusal.ShouldBeAsync(refused.Response, HttpStatusCode.Forbidden, "insufficient_scope");
        Assert.Contains($"scope=\"{scope}\"", challenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_hold_the_accounts_own_rows_newest_first_page_by_page()
    {
        var (mine, theirs) = (await portal.SampleAccountAsync(), await portal.SampleAccountAsync());
        var (rp, token) = await portal.InstallAsync(mine, "widgets faqs contacts conversations");
        Assert.NotEqual(mine.Id, theirs.Id);

        foreach (var (path, count) in new[] { ("widgets", 3), ("faqs", 4), ("contacts", 5), ("conversations", 4) })
        {
            var ids = new List<string>();
            var created = new List<DateTimeOffset>();
            string? cursor = "";
            while (cursor is not null)
            {
                var page = (await rp.CallAsync(token, $"/api/v1/{path}?limit=2{cursor}")).Json;
                Assert.InRange(page.GetProperty("data").GetArrayLength(), 1, 2);
                ids.AddRange(page.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("id").GetString()!));
                created.AddRange(
                    page.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("created_at").GetDateTimeOffset()));
                Assert.Equal(page.GetProperty("has_more").GetBoolean(), page.GetProperty("next_cursor").ValueKind == JsonValueKind.String);
                cursor = page.GetProperty("next_cursor").GetString() is { } next ? $"&cursor={next}" : null;
            }

            Assert.Equal(count, ids.Distinct().Count());
            Assert.Equal(count, ids.Count);
            Assert.Equal(created.OrderDescending(), created);
        }
    }

    [Fact]
    public async Task A_use_during_shutdown_is_written_before_the_host_ends()
    {
        await using var stopping = await portal.AnotherAsync();
        var (rp, token) = await stopping.InstallAsync(await stopping.AccountAsync());
        var uses = stopping.Services.GetRequiredService<TokenUse>();

        await uses.StoppingAsync(CancellationToken.None);
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(token)).Status);
        await uses.StopAsync(CancellationToken.None);

        Assert.Equal(stopping.Time.GetUtcNow(), await stopping.AskDatabaseAsync(database => database.Tokens
            .Where(t => t.ReferenceId == TokenHash.Of(token)).Select(t => t.LastUsedAt).SingleAsync()));
    }

    [Fact]
    public async Task A_revocation_holds_on_the_very_next_call()
    {
        var (rp, token) = await portal.InstallAsync(await portal.AccountAsync(), "widgets");
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(token)).Status);

        await rp.RevokeAsync(token);

        Assert.Equal(HttpStatusCode.Unauthorized, (await rp.CallAsync(token)).Status);
    }

    [Fact]
    public async Task Tokens_of_a_suspended_or_deleted_account_are_refused()
    {
        var account = await portal.AccountAsync();
        var (rp, token) = await portal.InstallAsync(account, "widgets");

        await SuspendAsync(portal.Time.GetUtcNow());
        Assert.Equal(HttpStatusCode.Unauthorized, (await rp.CallAsync(token)).Status);
        await SuspendAsync(null);
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(token)).Status);
        await portal.AskDatabaseAsync(database => database.Users.Where(a => a.Id == account.Id).ExecuteDeleteAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, (await rp.CallAsync(token)).Status);

        Task SuspendAsync(DateTimeOffset? at) => portal.AskDatabaseAsync(database => database.Users.Where(a => a.Id == account.Id)
            .ExecuteUpdateAsync(a => a.SetProperty(x => x.SuspendedAt, at)));
    }

    [Fact]
    public async Task The_last_use_is_collected_and_written_later()
    {
        var (rp, token) = await portal.InstallAsync(await portal.AccountAsync(), "widgets");
        await rp.CallAsync(token);
        Assert.Null(await LastUsedAsync());

        await portal.Services.GetRequiredService<TokenUse>().FlushAsync();
        var first = await LastUsedAsync();
        Assert.Equal(portal.Time.GetUtcNow(), first);

        portal.Time.Advance(TimeSpan.FromMinutes(1));
        await rp.CallAsync(token);
        await portal.Services.GetRequiredService<TokenUse>().FlushAsync();
        Assert.Equal(first + TimeSpan.FromMinutes(1), await LastUsedAsync());

        Task<DateTimeOffset?> LastUsedAsync() => portal.AskDatabaseAsync(database => database.Tokens
            .Where(t => t.ReferenceId == TokenHash.Of(token)).Select(t => t.LastUsedAt).SingleAsync());
    }
}

[Trait("Category", "Fast")]
public sealed class ApiOnSqlite(PortalFactory portal) : ApiTests(portal), IClassFixture<PortalFactory>;

[Trait("Category", "Database")]
public sealed class ApiOnPostgreSql(PostgreSqlPortal portal) : ApiTests(portal), IClassFixture<PostgreSqlPortal>;
