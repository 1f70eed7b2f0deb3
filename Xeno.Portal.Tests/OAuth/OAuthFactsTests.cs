using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Telemetry;
using Xeno.Portal.Tests.Support;
using static Xeno.Portal.Tests.Support.GivenApps;

namespace Xeno.Portal.Tests.OAuth;

/// <summary>
/// The facts that the protocol endpoints note about a request. They explain it to the developer of the app, and hold no secret.
/// </summary>
[Trait("Category", "Fast")]
public sealed class OAuthFactsTests(OAuthFactsTests.Portal portal) : IClassFixture<OAuthFactsTests.Portal>
{
    [Fact]
    public async Task An_error_that_is_redirected_is_a_refusal_although_its_status_is_302()
    {
        var rp = await AppAsync();

        await portal.Browser().GetAsync(rp.AuthorizeUrl(("scope", "widgets nothing"), ("state", "s")));

        var (facts, status) = await portal.SeenAsync(seen => seen.ClientId == rp.App.ClientId);
        Assert.Equal((302, RequestOutcome.Refused, "invalid_scope"), (status, facts.OutcomeOf(status), facts.Error));
        Assert.Equal(("/oauth/authorize", null), (facts.Endpoint, facts.AccountId));
        Assert.Equal(("widgets faqs contacts conversations", "nothing"), (facts.Expected, facts.Got));
    }

    [Fact]
    public async Task An_unregistered_redirect_uri_is_noted_without_the_registered_ones()
    {
        var rp = await AppAsync();

        await portal.Browser().GetAsync(rp.AuthorizeUrl(("redirect_uri", Callback + "/")));

        var (facts, status) = await portal.SeenAsync(seen => seen.ClientId == rp.App.ClientId);
        Assert.Equal((400, RequestOutcome.Refused, "invalid_request"), (status, facts.OutcomeOf(status), facts.Error));
        Assert.Equal(("one of the app's redirect URIs", Callback + "/"), (facts.Expected, facts.Got));
    }

    [Fact]
    public async Task A_consent_page_and_its_cancel_name_account_and_scopes()
    {
        var (rp, account) = (await AppAsync(), await portal.AccountAsync());

        await RelyingParty.DecideAsync(await portal.BrowserOfAsync(account), rp.AuthorizeUrl(("scope", "brands faqs")), "cancel");

        var (page, pageStatus) = await portal.SeenAsync(seen => seen.ClientId == rp.App.ClientId);
        Assert.Equal((RequestOutcome.Served, account.Id, "widgets faqs"), (page.OutcomeOf(pageStatus), page.AccountId, page.Scopes));
        var (cancel, status) = await portal.SeenAsync(seen => seen.ClientId == rp.App.ClientId);
        Assert.Equal((303, RequestOutcome.Refused, "access_denied"), (status, cancel.OutcomeOf(status), cancel.Error));
    }

    [Fact]
    public async Task An_exchange_names_client_account_token_and_scopes()
    {
        var (rp, account) = (await AppAsync(), await portal.AccountAsync());
        var code = await rp.CodeAsync(await portal.BrowserOfAsync(account));

        await rp.ExchangeAsync(code);

        var (facts, status) = await portal.SeenAsync(seen => seen.ClientId == rp.App.ClientId && seen.Endpoint == "/oauth/token");
        Assert.Equal(
            (RequestOutcome.Served, null, account.Id, "widgets"),
            (facts.OutcomeOf(status), facts.Error, facts.AccountId, facts.Scopes));
        var tokenId = await portal.AskDatabaseAsync(database => database.Tokens
            .Where(row => row.Subject == account.Id && row.Type == "access_token").Select(row => row.Id).SingleAsync());
        Assert.Equal(tokenId, facts.TokenId);
    }

    [Fact]
    public async Task A_wrong_secret_names_its_app_and_an_unknown_client_names_none()
    {
        var rp = await AppAsync();

        await rp.ExchangeAsync("code", ("client_secret", "a wrong secret"));
        await rp.ExchangeAsync("code", ("client_id", "xa_unknown"));

        var (wrong, status) = await portal.SeenAsync(seen => seen.Endpoint == "/oauth/token");
        Assert.Equal((401, "invalid_client", rp.App.ClientId), (status, wrong.Error, wrong.ClientId));
        Assert.Equal((null, null), (wrong.Expected, wrong.Got));
        var (unknown, _) = await portal.SeenAsync(seen => seen.Endpoint == "/oauth/token");
        Assert.Equal(("invalid_client", null), (unknown.Error, unknown.ClientId));
    }

    [Fact]
    public async Task A_code_of_another_app_does_not_name_its_account()
    {
        var (rp, other) = (await AppAsync(), await AppAsync());
        var code = await rp.CodeAsync(await portal.BrowserOfAsync(await portal.AccountAsync()));

        await other.ExchangeAsync(code);

        var (facts, _) = await portal.SeenAsync(seen => seen.ClientId == other.App.ClientId);
        Assert.Equal(("invalid_grant", null, null), (facts.Error, facts.AccountId, facts.Scopes));
    }

    [Fact]
    public async Task A_revocation_names_account_and_token_of_the_apps_own_token_only()
    {
        var (rp, other, account) = (await AppAsync(), await AppAsync(), await portal.AccountAsync());
        var token = await rp.InstallAsync(await portal.BrowserOfAsync(account));

        await other.RevokeAsync(token);
        await rp.IntrospectAsync(token);
        await rp.RevokeAsync(token);

        var (refused, status) = await portal.SeenAsync(seen => seen.ClientId == other.App.ClientId);
        Assert.Equal((200, null, null), (status, refused.AccountId, refused.TokenId));
        foreach (var endpoint in new[] { "/oauth/introspect", "/oauth/revoke" })
        {
            var (facts, _) = await portal.SeenAsync(seen => seen.Endpoint == endpoint && seen.ClientId == rp.App.ClientId);
            Assert.Equal((account.Id, "widgets"), (facts.AccountId, facts.Scopes));
            Assert.DoesNotContain(token, facts.TokenId, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Two_clients_in_one_request_are_both_named()
    {
        var (rp, other) = (await AppAsync(), await AppAsync());
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{rp.App.ClientId}:{rp.App.Secret}"));

        await rp.PostAsync(
            "/oauth/token", [("client_id", other.App.ClientId), ("code", "x")], new AuthenticationHeaderValue("Basic", basic));

        var (facts, _) = await portal.SeenAsync(seen => seen.Endpoint == "/oauth/token");
        Assert.Equal(("invalid_request", rp.App.ClientId, other.App.ClientId), (facts.Error, facts.Expected, facts.Got));
    }

    [Fact]
    public async Task A_request_that_came_too_often_is_limited_and_not_refused()
    {
        await using var strict = new Portal { Settings = { ["RateLimits:ProtocolRequestsPerApp"] = "1" } };
        var (rp, token) = await strict.InstallAsync(await strict.AccountAsync());

        (await rp.IntrospectAsync(token)).ShouldBeError(HttpStatusCode.TooManyRequests, "temporarily_unavailable");

        var (facts, status) = await strict.SeenAsync(seen => seen.Error == "temporarily_unavailable");
        Assert.Equal((429, RequestOutcome.Limited), (status, facts.OutcomeOf(status)));
    }

    [Fact]
    public async Task Another_method_is_a_refusal()
    {
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await portal.Browser().GetAsync("/oauth/introspect/")).StatusCode);

        var (facts, _) = await portal.SeenAsync(seen => seen.Endpoint == "/oauth/introspect");
        Assert.Equal("invalid_request", facts.Error);
    }

    private async Task<RelyingParty> AppAsync() => new(portal, await portal.AppAsync(await portal.AccountAsync(), Callback));

    /// <summary>A portal whose requests are noted.</summary>
    public sealed class Portal : PortalFactory, IRequestObserver
    {
        private readonly Channel<(RequestFacts Facts, int Status)> _seen = Channel.CreateUnbounded<(RequestFacts, int)>();

        public void Observe(RequestFacts facts, int status) => _seen.Writer.TryWrite((facts, status));

        /// <summary>
        /// The next request for which <paramref name="isIt"/> is true; requests before it are dropped. Waits, because an answer is sent
        /// before its facts are noted.
        /// </summary>
        public async Task<(RequestFacts Facts, int Status)> SeenAsync(Func<RequestFacts, bool> isIt)
        {
            while (true)
            {
                var seen = await _seen.Reader.ReadAsync(TestContext.Current.CancellationToken);
                if (isIt(seen.Facts))
                    return seen;
            }
        }

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureServices(services => services.AddSingleton<IRequestObserver>(this));
        }
    }
}
