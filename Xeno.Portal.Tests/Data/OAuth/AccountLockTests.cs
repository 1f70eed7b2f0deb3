using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xeno.Portal.Data.History;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Data.OAuth;

/// <summary>
/// Everything that issues or ends a token of an account waits for its turn at the account's row, also at another node. SQLite has one
/// writer and needs no such lock.
/// </summary>
[Trait("Category", "Database")]
public sealed class AccountLockTests(PostgreSqlPortal portal) : IClassFixture<PostgreSqlPortal>
{
    [Theory]
    [InlineData("exchange")]
    [InlineData("end a token")]
    [InlineData("end a grant")]
    [InlineData("end an app on an account")]
    [InlineData("follow a mark")]
    public async Task An_act_on_an_accounts_tokens_waits_while_another_one_runs(string act)
    {
        var account = await portal.AccountAsync();
        var browser = await portal.BrowserOfAsync(account);
        var owner = await portal.AccountAsync();
        var rp = new RelyingParty(portal, await portal.AppAsync(owner, GivenApps.Callback));
        var token = await rp.InstallAsync(browser);
        var code = await rp.CodeAsync(browser);
        var (grants, tokens) = (portal.Services.GetRequiredService<GrantLedger>(), portal.Services.GetRequiredService<TokenLedger>());
        var (tokenRow, codeRow) = ((await tokens.FindAsync(TokenHash.Of(token)))!, (await tokens.FindAsync(TokenHash.Of(code)))!);
        var ending = new Ending(HistoryActor.Account, portal.Time.GetUtcNow());
        var marked = act == "follow a mark" ? await grants.EndAppAsync(rp.App.ClientId, owner.Id, ending) : null;

        await using var other = new NpgsqlConnection(portal.Settings["Database:ConnectionString"]);
        await other.OpenAsync(TestContext.Current.CancellationToken);
        var running = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync(other, """SELECT 1 FROM "Accounts" WHERE "Id" = $1 FOR NO KEY UPDATE""", account.Id);

        Task acting = act switch
        {
            "exchange" => tokens.ExchangeAsync(codeRow, TokenHash.Of("new"), portal.Time.GetUtcNow()),
            "end a token" => grants.EndTokenAsync(account.Id, tokenRow.Id, ending),
            "end a grant" => grants.EndGrantAsync(tokenRow, ending),
            "end an app on an account" => grants.EndAppOnAccountAsync(account.Id, rp.App.ClientId, ending),
            _ => grants.SweepAsync(marked!, most: 200),
        };

        // Either the act comes to its end, or it is seen waiting.
        while (!acting.IsCompleted && await ExecuteAsync(other,
                   "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))") is 0L)
            await Task.Yield();
        Assert.False(acting.IsCompleted, "It did not wait.");

        await running.CommitAsync(TestContext.Current.CancellationToken);
        await acting;
    }

    private static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string sql, params string[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
