using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xeno.Portal.Lifecycle;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Lifecycle;

/// <summary>The visits that are made before the portal listens.</summary>
[Trait("Category", "Fast")]
public sealed class WarmServerTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Fact]
    public async Task The_pages_are_drawn_before_the_portal_listens_and_what_they_held_is_given_back()
    {
        var listening = new Listening();
        var pages = new Application(listening);
        using var server = Warm(listening, new Visits("/account/login", "/docs?x=1"));

        await server.StartAsync(pages, CancellationToken.None);

        Assert.True(listening.Started);
        Assert.Equal(["/account/login", "/docs?x=1"], pages.Visited.Distinct());
        Assert.False(pages.VisitedWhileListening);
        Assert.Equal(pages.Visited.Count, pages.Completed);
    }

    [Fact]
    public async Task A_page_that_fails_does_not_keep_the_portal_from_listening()
    {
        var listening = new Listening();
        using var server = Warm(listening, new Visits("/fails"));

        await server.StartAsync(new Application(listening), CancellationToken.None);

        Assert.True(listening.Started);
    }

    [Fact]
    public async Task What_the_features_want_visited_answers_and_changes_nothing()
    {
        var owner = await portal.AccountAsync();
        await portal.AppAsync(owner, "https://app.example/cb");
        var browser = await portal.BrowserOfAsync(owner);

        foreach (var feature in portal.Services.GetServices<IFirstVisits>())
            foreach (var visit in await feature.ListAsync())
            {
                var answer = await browser.GetAsync(visit.PathAndQuery);
                Assert.True(answer.IsSuccessStatusCode, $"{visit.PathAndQuery}: {answer.StatusCode}");
            }

        Assert.Equal(0, await portal.AskDatabaseAsync(database => Task.FromResult(database.Grants.Count() + database.Tokens.Count())));
    }

    private WarmServer Warm(Listening server, IFirstVisits visits) => new(
        server, [visits], portal.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>(), TimeProvider.System, NullLogger<WarmServer>.Instance);

    private sealed class Visits(params string[] addresses) : IFirstVisits
    {
        public ValueTask<IReadOnlyList<FirstVisit>> ListAsync() => new([.. addresses.Select(address => new FirstVisit(address))]);
    }

    private sealed class Listening : IServer
    {
        public bool Started { get; private set; }

        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken) where TContext : notnull
        {
            Started = true;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }

    private sealed class Application(Listening server) : IHttpApplication<HttpContext>
    {
        public List<string> Visited { get; } = [];

        public bool VisitedWhileListening { get; private set; }

        public int Completed { get; private set; }

        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context)
        {
            if (context.Request.Path == "/fails")
                throw new InvalidOperationException("On purpose.");
            context.Response.OnCompleted(() =>
            {
                Completed++;
                return Task.CompletedTask;
            });
            VisitedWhileListening |= server.Started;
            Visited.Add(context.Request.Path + context.Request.QueryString.ToString());
            return Task.CompletedTask;
        }

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }
    }
}
