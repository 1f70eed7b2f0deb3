using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xeno.Portal.Data;
using Xeno.Portal.Data.Statements;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Data;

/// <summary>
/// A transaction that PostgreSQL aborts because of a deadlock is retried, both by <see cref="IStatements"/> and by EF Core.
/// </summary>
[Trait("Category", "Database")]
public sealed class TransactionRetryTests(PostgreSqlPortal portal) : IClassFixture<PostgreSqlPortal>
{
    private static readonly Statement s_rename = new("""
        UPDATE "Accounts" SET "DisplayName" = coalesce("DisplayName", '') || $2 WHERE "Id" = $1
        """);

    [Fact]
    public async Task After_a_deadlock_both_commits_are_done()
    {
        var (one, other) = (await portal.AccountAsync(), await portal.AccountAsync());
        var meeting = new Meeting();
        var statements = portal.Services.GetRequiredService<IStatements>();

        await Task.WhenAll(CommitAsync(one, other, "a"), CommitAsync(other, one, "b"));

        Assert.Equal(3, meeting.Attempts); // Two, and the retry of the aborted one.
        foreach (var name in new[] { await NameAsync(one), await NameAsync(other) })
            Assert.Equal("ab", string.Concat(name.Order()));

        Task CommitAsync(GivenAccount first, GivenAccount second, string letter) => statements.CommitAsync(async transaction =>
        {
            await transaction.ExecuteAsync(s_rename, first.Id, letter);
            await meeting.BothAreHereAsync();
            return await transaction.ExecuteAsync(s_rename, second.Id, letter);
        });
    }

    [Fact]
    public async Task After_a_deadlock_both_transactions_of_EF_Core_are_done()
    {
        var (one, other) = (await portal.AccountAsync(), await portal.AccountAsync());
        var meeting = new Meeting();

        await Task.WhenAll(UpdateAsync(one, other, "a"), UpdateAsync(other, one, "b"));

        Assert.Equal(3, meeting.Attempts);
        foreach (var name in new[] { await NameAsync(one), await NameAsync(other) })
            Assert.Equal("ab", string.Concat(name.Order()));

        Task UpdateAsync(GivenAccount first, GivenAccount second, string letter) => portal.AskDatabaseAsync(database
            => database.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
            {
                await using var transaction = await database.Database.BeginTransactionAsync();
                await RenameAsync(database, first, letter);
                await meeting.BothAreHereAsync();
                await RenameAsync(database, second, letter);
                await transaction.CommitAsync();
                return true;
            }));

        static Task RenameAsync(PortalDbContext database, GivenAccount account, string letter)
            => database.Accounts.Where(a => a.Id == account.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.DisplayName, a => (a.DisplayName ?? "") + letter));
    }

    [Fact]
    public async Task The_pool_has_the_configured_size()
    {
        await using var small = await portal.AnotherAsync();
        small.Settings["Database:MaxConnections"] = "7";

        var used = small.Services.GetRequiredService<NpgsqlDataSource>().ConnectionString;
        Assert.Equal(7, new NpgsqlConnectionStringBuilder(used).MaxPoolSize);
    }

    private Task<string> NameAsync(GivenAccount account)
        => portal.AskDatabaseAsync(database => database.Accounts.Where(a => a.Id == account.Id).Select(a => a.DisplayName!).SingleAsync());

    /// <summary>The first two attempts wait for each other; a retry does not wait.</summary>
    private sealed class Meeting
    {
        private readonly TaskCompletionSource _both = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _attempts;

        public int Attempts => _attempts;

        public Task BothAreHereAsync()
        {
            if (Interlocked.Increment(ref _attempts) == 2)
                _both.SetResult();
            return _both.Task;
        }
    }
}
