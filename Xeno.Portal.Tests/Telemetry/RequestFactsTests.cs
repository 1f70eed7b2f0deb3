using System.Collections.Concurrent;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Telemetry;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Telemetry;

/// <summary>The facts that observers get of a finished request.</summary>
[Trait("Category", "Fast")]
public sealed class RequestFactsTests
{
    [Theory]
    [InlineData(200, null, RequestOutcome.Served)]
    [InlineData(302, null, RequestOutcome.Served)]
    [InlineData(302, RequestOutcome.Refused, RequestOutcome.Refused)]
    [InlineData(403, null, RequestOutcome.Refused)]
    [InlineData(429, null, RequestOutcome.Limited)]
    [InlineData(499, null, RequestOutcome.Abandoned)]
    [InlineData(503, null, RequestOutcome.Failed)]
    [InlineData(500, RequestOutcome.Served, RequestOutcome.Failed)]
    public void The_outcome_is_what_was_set_or_what_the_status_means(int status, RequestOutcome? set, RequestOutcome outcome)
        => Assert.Equal(outcome, new RequestFacts { Outcome = set }.OutcomeOf(status));

    [Fact]
    public async Task The_facts_of_an_API_call_are_endpoint_app_account_token_scopes_and_final_status()
    {
        await using var portal = new ObservingPortal();
        var account = await portal.AccountAsync();
        var rp = new RelyingParty(portal, await portal.AppAsync(account, "https://app.example/callback"));
        var token = await rp.InstallAsync(await portal.BrowserOfAsync(account), "widgets faqs");
        await portal.AskDatabaseAsync(database => database.Database.ExecuteSqlRawAsync("ALTER TABLE \"Faqs\" RENAME TO \"Away\""));

        await rp.CallAsync(token);
        await rp.CallAsync(token, "/API/v1/Widgets?limit=0");
        await rp.CallAsync(token, "/api/v1/contacts");
        await rp.CallAsync(token, "/api/v1/faqs"); // The exception handler answers.
        await rp.CallAsync("garbage");
        await rp.CallAsync(token, "/api/v1/nothing");

        var calls = portal.Observed.Where(request => request.Facts.Endpoint?.StartsWith("/api", StringComparison.Ordinal) == true).ToList();
        Assert.Equal(
            [("/api/v1/me", 200, null), ("/api/v1/widgets", 400, "invalid_request"), ("/api/v1/contacts", 403, "insufficient_scope"),
             ("/api/v1/faqs", 500, "server_error"), ("/api/v1/me", 401, "invalid_token")],
            calls.Select(call => (call.Facts.Endpoint!, call.Status, call.Facts.Error)));
        var rowId = await portal.AskDatabaseAsync(database => database.Tokens
            .Where(row => row.ReferenceId != null && row.LastUsedAt == null)
            .OrderByDescending(row => row.Id).Select(row => row.Id).FirstAsync());
        Assert.All(calls[..4], call => Assert.Equal(
            (rp.App.ClientId, account.Id, rowId, "widgets faqs"),
            (call.Facts.ClientId, call.Facts.AccountId, call.Facts.TokenId, call.Facts.Scopes)));
        Assert.Null(calls[4].Facts.TokenId);
        Assert.Equal(("contacts", "widgets faqs"), (calls[2].Facts.Expected, calls[2].Facts.Got));
        Assert.All(calls.Where(call => call.Status != 403), call => Assert.Null(call.Facts.Expected));
    }

    [Fact]
    public async Task A_refusal_by_a_limit_or_after_wrong_guesses_is_noted()
    {
        await using var portal = new ObservingPortal { Settings = { ["RateLimits:LogInsPerAddress"] = "1" } };
        var account = await portal.AccountAsync();

        await portal.Browser().LogInAsync(account.Email, "a wrong password");
        await portal.Browser().LogInAsync(account.Email, "a wrong password");

        var limited = Assert.Single(portal.Observed, request => request.Facts.Outcome is RequestOutcome.Limited);
        Assert.Equal((429, "too_many_requests"), (limited.Status, limited.Facts.Error));
    }

    [Fact]
    public async Task A_request_that_ends_with_an_exception_is_observed()
    {
        var observed = new Observed();
        var context = new DefaultHttpContext();
        context.Facts().Endpoint = "/here";

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => Middleware(_ => throw new InvalidOperationException()).InvokeAsync(context));
        using var gone = new CancellationTokenSource();
        context.RequestAborted = gone.Token;
        await gone.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(
            () => Middleware(_ => throw new OperationCanceledException()).InvokeAsync(context));

        Assert.Equal([500, 499], observed.Requests.Select(request => request.Status));

        RequestFactsMiddleware Middleware(RequestDelegate next) => new(next, [observed]);
    }

    private sealed class Observed : IRequestObserver
    {
        public ConcurrentQueue<(RequestFacts Facts, int Status)> Requests { get; } = new();

        public void Observe(RequestFacts facts, int status) => Requests.Enqueue((facts, status));
    }

    private sealed class ObservingPortal : PortalFactory
    {
        private readonly Observed _observed = new();

        public IEnumerable<(RequestFacts Facts, int Status)> Observed => _observed.Requests;

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureServices(services => services.AddSingleton<IRequestObserver>(_observed));
        }
    }
}
