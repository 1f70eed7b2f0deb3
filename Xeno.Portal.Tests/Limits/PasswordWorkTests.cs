using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Limits;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Limits;

/// <summary>The ceiling of password hashing: as many at once as processors, a short queue, then 503.</summary>
[Trait("Category", "Fast")]
public sealed class PasswordWorkTests
{
    private static readonly int s_inside = Environment.ProcessorCount * 17; // One at work and 16 waiting, for each processor.

    [Fact]
    public async Task As_many_run_as_there_are_processors_a_few_wait_and_the_next_is_refused()
    {
        using var work = new PasswordWork();
        using var end = new ManualResetEventSlim();
        var (running, most) = (0, 0);
        var inside = Enumerable.Range(0, s_inside).Select(_ => work.RunAsync(() =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            end.Wait(TestContext.Current.CancellationToken);
            return Interlocked.Decrement(ref running);
        })).ToList();

        await Assert.ThrowsAsync<TooBusyException>(() => work.RunAsync(() => 0));

        end.Set();
        await Task.WhenAll(inside);
        Assert.InRange(most, 1, Environment.ProcessorCount);
        Assert.Equal(7, await work.RunAsync(() => 7));
    }

    [Fact]
    public async Task A_busy_portal_answers_503_keeps_what_was_typed_counts_nothing_and_serves_other_requests()
    {
        await using var portal = new PortalFactory { Settings = { ["Accounts:LockoutAfter"] = "3" } };
        var account = await portal.AccountAsync();
        var (_, token) = await portal.InstallAsync(account);
        using var end = new ManualResetEventSlim();
        var work = portal.Services.GetRequiredService<PasswordWork>();
        var inside = Fill(work, end);

        for (var i = 0; i < 5; i++)
        {
            var busy = await portal.Browser().LogInAsync(account.Email);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, busy.StatusCode);
            Assert.NotNull(busy.Headers.RetryAfter);
            var page = await busy.PageAsync();
            Assert.Equal(TooBusyException.Text, page.QuerySelector("[role=alert]")!.TextContent.Trim());
            Assert.Equal(account.Email, page.QuerySelector("input[type=email]")!.GetAttribute("value"));
        }

        var registered = await portal.Browser().RegisterAsync("new@example.com");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, TooBusyException.Text), (registered.StatusCode, await registered.AlertAsync()));
        using var http = portal.CreateClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/v1/me", TestContext.Current.CancellationToken)).StatusCode);

        end.Set();
        await Task.WhenAll(inside);
        Assert.Equal("/apps", (await portal.Browser().LogInAsync(account.Email)).LeadsTo()); // None of the five was counted.
    }

    /// <summary>Each way to set or compare a password, and what the account must have for it.</summary>
    private static readonly Dictionary<string, (string? Hash, Func<UserManager<Account>, Account, Task<bool>> Act)> s_ways =
        new(StringComparer.Ordinal)
        {
            ["log in"] = (Hash(), (accounts, account) => accounts.CheckPasswordAsync(account, Given.Password)),
            ["hash again"] = (Hash(iterations: 10), (accounts, account) => accounts.CheckPasswordAsync(account, Given.Password)),
            ["change"] = (Hash(), async (accounts, account)
                => (await accounts.ChangePasswordAsync(account, Given.Password, Given.NewPassword)).Succeeded),
            ["add"] = (null, async (accounts, account) => (await accounts.AddPasswordAsync(account, Given.NewPassword)).Succeeded),
            ["reset"] = (Hash(), async (accounts, account) => (await accounts.ResetPasswordAsync(
                account, await accounts.GeneratePasswordResetTokenAsync(account), Given.NewPassword)).Succeeded),
            ["register"] = (null, async (accounts, _)
                => (await accounts.CreateAsync(new Account { Email = $"{Guid.NewGuid():N}@example.com" }, Given.Password)).Succeeded),
        };

    public static TheoryData<string> Ways => [.. s_ways.Keys];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Every_password_is_hashed_and_compared_within_the_ceiling(string way)
    {
        var (hash, act) = s_ways[way];
        var hasher = new ObservedHasher();
        await using var portal = new PortalFactory { Register = services => services.AddSingleton<IPasswordHasher<Account>>(hasher) };
        var id = (await portal.AccountAsync()).Id;
        await portal.AskDatabaseAsync(database => database.Accounts.Where(account => account.Id == id)
            .ExecuteUpdateAsync(account => account.SetProperty(a => a.PasswordHash, hash)));

        Assert.True(await TryAsync());

        Assert.NotEmpty(hasher.OnPoolThreads);
        Assert.DoesNotContain(true, hasher.OnPoolThreads); // The threads of the ceiling are not those of the pool.
        using var end = new ManualResetEventSlim();
        var inside = Fill(portal.Services.GetRequiredService<PasswordWork>(), end);
        await portal.AskDatabaseAsync(database => database.Accounts.Where(account => account.Id == id)
            .ExecuteUpdateAsync(account => account.SetProperty(a => a.PasswordHash, hash)));
        await Assert.ThrowsAsync<TooBusyException>(TryAsync);
        Assert.Equal(hash, await portal.AskDatabaseAsync(database
            => database.Accounts.Where(account => account.Id == id).Select(account => account.PasswordHash).SingleAsync()));
        end.Set();
        await Task.WhenAll(inside);

        Task<bool> TryAsync() => portal.InScopeAsync(async services =>
        {
            var accounts = services.GetRequiredService<UserManager<Account>>();
            return await act(accounts, (await accounts.FindByIdAsync(id))!);
        });
    }

    [Fact]
    public async Task A_hash_that_is_made_again_ends_no_session_and_a_changed_password_ends_all()
    {
        await using var portal = new PortalFactory();
        var account = await portal.AccountAsync();
        var weak = Hash(iterations: 10);
        await portal.AskDatabaseAsync(
            database => database.Accounts.ExecuteUpdateAsync(row => row.SetProperty(a => a.PasswordHash, weak)));
        var browser = await portal.BrowserOfAsync(account);

        var logIns = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => portal.Browser().LogInAsync(account.Email)));

        Assert.All(logIns, logIn => Assert.Equal("/apps", logIn.LeadsTo()));
        Assert.NotEqual(weak, await portal.AskDatabaseAsync(database => database.Accounts.Select(row => row.PasswordHash).SingleAsync()));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/apps")).StatusCode);
        await portal.ChangePasswordAsync(account);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/apps")).StatusCode);
    }

    private static string Hash(int iterations = 100_000)
        => new PasswordHasher<Account>(Options.Create(new PasswordHasherOptions { IterationCount = iterations }))
            .HashPassword(new Account(), Given.Password);

    private static List<Task<int>> Fill(PasswordWork work, ManualResetEventSlim end)
        => [.. Enumerable.Range(0, s_inside).Select(_ => work.RunAsync(() =>
        {
            end.Wait(TestContext.Current.CancellationToken);
            return 0;
        }))];

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, value, seen);
    }

    /// <summary>The framework's hasher, which notes on which kind of thread it is called.</summary>
    private sealed class ObservedHasher : IPasswordHasher<Account>
    {
        private readonly PasswordHasher<Account> _hasher = new();

        public ConcurrentQueue<bool> OnPoolThreads { get; } = [];

        public string HashPassword(Account user, string password)
        {
            OnPoolThreads.Enqueue(Thread.CurrentThread.IsThreadPoolThread);
            return _hasher.HashPassword(user, password);
        }

        public PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword)
        {
            OnPoolThreads.Enqueue(Thread.CurrentThread.IsThreadPoolThread);
            return _hasher.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
