using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Lifecycle;

/// <summary>
/// The server, which makes every <see cref="FirstVisit"/> before it listens: drawing the first page of a .NET process costs some hundred
/// milliseconds of loading and compiling, and a visitor should not be the one who pays.
/// </summary>
internal sealed partial class WarmServer(
    IServer server, IEnumerable<IFirstVisits> features, IOptionsMonitor<CookieAuthenticationOptions> cookies, TimeProvider clock, ILogger<WarmServer> log) : IServer
{
    /// <summary>The second round finds what the first one left uncompiled; after the third nothing is to be won.</summary>
    private const int Rounds = 3;

    public IFeatureCollection Features => server.Features;

    public async Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken) where TContext : notnull
    {
        try
        {
            foreach (var feature in features)
                foreach (var visit in await feature.ListAsync())
                    for (var round = 0; round < Rounds; round++)
                        await MakeAsync(visit, application);
        }
        catch (Exception exception)
        {
            // The first visitor waits a moment longer, and gets the error if it is one.
            LogStaysCold(log, exception.Message);
        }

        await server.StartAsync(application, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);

    public void Dispose() => server.Dispose();

    private async Task MakeAsync<TContext>(FirstVisit visit, IHttpApplication<TContext> application) where TContext : notnull
    {
        var query = visit.PathAndQuery.IndexOf('?', StringComparison.Ordinal) is var at and >= 0 ? at : visit.PathAndQuery.Length;
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Method = HttpMethods.Get,
            Scheme = Uri.UriSchemeHttps,
            Path = visit.PathAndQuery[..query],
            QueryString = visit.PathAndQuery[query..],
            Protocol = HttpProtocol.Http11,
            Headers = new HeaderDictionary { [HeaderNames.Host] = "localhost", [HeaderNames.Cookie] = visit.Visitor is { } visitor ? CookieOf(visitor) : null },
        });
        var response = new Response();
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));

        var context = application.CreateContext(features);
        RouteNames.DoNotCount(features);
        await application.ProcessRequestAsync(context);
        await response.CompleteAsync();
        application.DisposeContext(context, null);
    }

    /// <summary>Signs the visitor in as a browser is: by a cookie, which goes nowhere but to this visit.</summary>
    private string CookieOf(ClaimsPrincipal visitor)
    {
        var cookie = cookies.Get(IdentityConstants.ApplicationScheme);
        var ticket = new AuthenticationTicket(visitor, new AuthenticationProperties { IssuedUtc = clock.GetUtcNow() }, IdentityConstants.ApplicationScheme);
        return $"{cookie.Cookie.Name}={cookie.TicketDataFormat.Protect(ticket)}";
    }

    /// <summary>Calls back what wants to set headers, and what wants to be disposed of, as a real response does.</summary>
    private sealed class Response : HttpResponseFeature
    {
        private readonly Stack<(Func<object, Task> Callback, object State)> _onStarting = [];
        private readonly Stack<(Func<object, Task> Callback, object State)> _onCompleted = [];

        public override void OnStarting(Func<object, Task> callback, object state) => _onStarting.Push((callback, state));

        public override void OnCompleted(Func<object, Task> callback, object state) => _onCompleted.Push((callback, state));

        public async Task CompleteAsync()
        {
            foreach (var (callback, state) in _onStarting.Concat(_onCompleted))
                await callback(state);
        }
    }

    [LoggerMessage(1501, LogLevel.Warning, "The first pages could not be drawn ahead of the first visitor: {Reason}")]
    private static partial void LogStaysCold(ILogger log, string reason);
}
