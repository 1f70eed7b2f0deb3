using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Data;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Data.Statements;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Data;

/// <summary>
/// What <see cref="IStatements"/> promises. An open transaction of EF Core blocks the writer, so that all work that is added meanwhile
/// becomes one batch.
/// </summary>
[Trait("Category", "Fast")]
public sealed class StatementsTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private static readonly Statement s_add = new("""
        INSERT INTO "DataProtectionKeys" ("FriendlyName", "Xml") VALUES ($1, '<nothing />')
        """);

    private static readonly Statement s_wrong = new("""
        INSERT INTO "Accounts" ("Id") VALUES ($1)
        """);

    private readonly string _mark = Guid.NewGuid().ToString("N");

    private IStatements Statements => portal.Services.GetRequiredService<IStatements>();

    [Fact]
    public async Task Waiting_work_is_committed_as_one_batch()
    {
        List<Task<int>> waiting = [];
        await WhileAnotherWritesAsync(() => waiting.AddRange(Enumerable.Range(0, 20).Select(_ => AddAsync())));

        // The first may be committed alone. When any of the others is done, all of them are committed.
        await Task.WhenAny(waiting.Skip(1));

        Assert.Equal(20, await CountAsync());
        Assert.All(await Task.WhenAll(waiting), changed => Assert.Equal(1, changed));
    }

    [Fact]
    public async Task Failed_work_is_rolled_back_and_the_rest_of_the_batch_is_committed()
    {
        List<Task<int>> good = [];
        List<Task<int>> bad = [];
        await WhileAnotherWritesAsync(() =>
        {
            for (var i = 0; i < 5; i++)
            {
                good.Add(AddAsync());
                bad.Add(Statements.CommitAsync(async transaction =>
                {
                    await transaction.ExecuteAsync(s_add, _mark);
                    return await transaction.ExecuteAsync(s_wrong, _mark);
                }));
            }
        });

        foreach (var task in bad)
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => task);
        await Task.WhenAll(good);
        Assert.Equal(5, await CountAsync());
    }

    [Fact]
    public async Task Failed_work_without_a_batch_is_rolled_back_and_the_writer_continues()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Statements.CommitAsync<int>(async transaction =>
        {
            await transaction.ExecuteAsync(s_add, _mark);
            throw new InvalidOperationException("On purpose.");
        }));

        await AddAsync();

        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Work_that_waits_for_something_else_is_refused()
    {
        var never = new TaskCompletionSource();

        await Assert.ThrowsAsync<InvalidOperationException>(() => Statements.CommitAsync(async transaction =>
        {
            await transaction.ExecuteAsync(s_add, _mark);
            await never.Task;
            return 0;
        }));

        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task A_commit_does_not_wait_forever_for_expected_commits_that_do_not_come()
    {
        using var one = Statements.ExpectCommit();
        using var another = Statements.ExpectCommit();

        await AddAsync();

        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task A_transaction_of_EF_Core_that_is_dropped_lets_the_next_writer_in()
    {
        await portal.InScopeAsync(async services =>
        {
            var database = services.GetRequiredService<PortalDbContext>();
            await using var transaction = await database.Database.BeginTransactionAsync();
            await database.Set<Account>().ExecuteUpdateAsync(set => set.SetProperty(account => account.DisplayName, "never"));
        });

        await AddAsync();

        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task A_writer_of_EF_Core_that_fails_lets_the_next_one_in()
    {
        await portal.InScopeAsync(services => Assert.ThrowsAnyAsync<System.Data.Common.DbException>(
            () => services.GetRequiredService<PortalDbContext>().Database
                .ExecuteSqlRawAsync("INSERT INTO \"Accounts\" (\"Id\") VALUES ('x')")));

        await AddAsync();

        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Waiting_work_is_written_when_the_host_stops()
    {
        await using var other = new PortalFactory();
        List<Task<int>> waiting = [];
        var statements = other.Services.GetRequiredService<IStatements>();
        for (var i = 0; i < 10; i++)
            waiting.Add(statements.CommitAsync(transaction => transaction.ExecuteAsync(s_add, _mark)));

        ((IDisposable)statements).Dispose();

        Assert.Equal(10, (await Task.WhenAll(waiting)).Sum());
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => statements.CommitAsync(transaction => transaction.ExecuteAsync(s_add, _mark)));
    }

    private Task<int> AddAsync() => Statements.CommitAsync(transaction => transaction.ExecuteAsync(s_add, _mark));

    private Task<int> CountAsync()
        => portal.AskDatabaseAsync(database => database.DataProtectionKeys.CountAsync(key => key.FriendlyName == _mark));

    private Task WhileAnotherWritesAsync(Action act) => portal.InScopeAsync(async services =>
    {
        await using var transaction = await services.GetRequiredService<PortalDbContext>().Database.BeginTransactionAsync();
        act();
        await transaction.CommitAsync();
    });
}
