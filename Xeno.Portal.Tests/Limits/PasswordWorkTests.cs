using System.Net;
using Microsoft.Extensions.DependencyInjection;
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
        var inside = Enumerable.Range(0, s_inside).Select(_ => work.RunAsync(() =>
        {
            end.Wait(TestContext.Current.CancellationToken);
            return 0;
        })).ToList();

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

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, value, seen);
    }
}
