using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Apps;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Weaknesses;

/// <summary>
/// Redirect URIs that two parsers read differently: registration refuses them, and authorize never redirects to them.
/// </summary>
[Trait("Category", "Fast")]
public sealed class RedirectUriTrickTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Theory]
    [InlineData("https://app.example@evil.example/cb")]
    [InlineData("https://app.example:443@evil.example/cb")]
    [InlineData("https://@evil.example/cb")]
    [InlineData("https://:@evil.example/cb")]
    [InlineData("https://app.example%40evil.example/cb")]
    [InlineData("https://app.example\\@evil.example/cb")]
    [InlineData("https://app.example./cb")]
    [InlineData("http://localhost./cb")]
    [InlineData("http://2130706433/cb")]
    [InlineData("http://0x7f000001/cb")]
    [InlineData("http://0177.0.0.1/cb")]
    [InlineData("http://127.1/cb")]
    [InlineData("http://127.0.0.1./cb")]
    [InlineData("http://[::ffff:127.0.0.1]/cb")]
    [InlineData("http://[0:0:0:0:0:0:0:1]/cb")]
    [InlineData("http://[::1%25lo]/cb")]
    [InlineData("https://0x7f.1/cb")]
    [InlineData("https://app.example/a/../cb")]
    [InlineData("https://app.example/..")]
    [InlineData("https://app.example/%2e%2E/cb")]
    [InlineData("https://app.example/.%2e/cb")]
    [InlineData("https://app.example:99999/cb")]
    [InlineData("https://app.example:/cb")]
    [InlineData("https://app.example:x/cb")]
    [InlineData("https:///app.example/cb")]
    [InlineData("https://app%2eexample/cb")]
    [InlineData("https://%61pp.example/cb")]
    [InlineData("https://app.example/cb#")]
    [InlineData("https://app.example/cb?x#y")]
    [InlineData("https://bücher.example/cb")]
    [InlineData("https://app\u3002example/cb")]
    [InlineData("https://app.example/cb\0")]
    [InlineData("https://app.example\0.evil.example/cb")]
    [InlineData("https://app.example/c\tb")]
    [InlineData("https://app.example/c\r\nb")]
    [InlineData("https://app.example/\u2028cb")]
    [InlineData("https://app.example/\u202Ecb")]
    [InlineData("blob:https://app.example/cb")]
    [InlineData("https://app.example;evil.example/cb")]
    public async Task A_misleading_redirect_uri_is_not_registered(string uri)
    {
        var owner = await portal.AccountAsync();
        var app = await portal.AppAsync(owner, "https://app.example/callback");

        var added = await portal.InScopeAsync(services
            => services.GetRequiredService<AppRegistry>().AddRedirectUriAsync(owner.Actor, app.ClientId, uri));
        var problem = added.Problem;

        Assert.False(string.IsNullOrWhiteSpace(problem), "It was registered.");
        Assert.DoesNotContain(problem!, char.IsControl);
        if (!uri.Contains('\n', StringComparison.Ordinal))
        {
            Assert.Empty(RedirectUris.Parse(uri, hasSecret: true, out _));
            Assert.Empty(RedirectUris.Parse(uri, hasSecret: false, out _));
        }
    }

    [Theory]
    [InlineData("https://app.example/callback", "https://app.example./callback")]
    [InlineData("https://app.example/callback", "https://app.example:0443/callback")]
    [InlineData("https://app.example/callback", "https://app.example/callback?")]
    [InlineData("https://app.example/callback", "https://app.example/callback;x")]
    [InlineData("https://app.example/callback", "https://app.example//callback")]
    [InlineData("https://app.example/callback", "https://app.example/./callback")]
    [InlineData("https://app.example/callback", "https://app.example/%2e/callback")]
    [InlineData("https://app.example/callback", "https://app.example%2fcallback")]
    [InlineData("https://app.example/callback", "https://app.example/callback%2f..%2f..")]
    [InlineData("https://app.example/callback", "https:\\\\app.example\\callback")]
    [InlineData("https://app.example/callback", "https://app.example/callback\u2028")]
    [InlineData("https://app.example/callback", "https://\u00ADapp.example/callback")]
    [InlineData("https://app.example/callback", "https://app\u3002example/callback")]
    [InlineData("https://app.example/callback", "https://app.example/\u0441allback")]
    [InlineData("https://xn--bcher-kva.example/cb", "https://bücher.example/cb")]
    [InlineData("https://app.example/a%2Fb", "https://app.example/a/b")]
    [InlineData("https://app.example/a%2Fb", "https://app.example/a%2fb")]
    [InlineData("http://localhost:3000/cb", "http://localhost/cb")]
    [InlineData("http://localhost:3000/cb", "http://127.0.0.1:3000/cb")]
    [InlineData("http://127.0.0.1/cb", "http://localhost/cb")]
    [InlineData("http://127.0.0.1/cb", "http://2130706433/cb")]
    [InlineData("http://127.0.0.1/cb", "http://0x7f.1/cb")]
    [InlineData("http://127.0.0.1/cb", "http://0177.0.0.1/cb")]
    [InlineData("http://127.0.0.1/cb", "http://127.1/cb")]
    [InlineData("http://127.0.0.1/cb", "http://[::ffff:127.0.0.1]/cb")]
    [InlineData("http://127.0.0.1/cb", "http://[::1]/cb")]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:/cb")]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:+80/cb")]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1: 80/cb")]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:0x50/cb")]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:80:90/cb")]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:\u0661/cb")]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:80\\@evil.example/cb")]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1#@evil.example/cb")]
    [InlineData("http://127.0.0.1/cb", "https://127.0.0.1/cb")]
    [InlineData("http://[::1]/cb", "http://[0:0:0:0:0:0:0:1]/cb")]
    [InlineData("http://[::1]/cb", "http://[::1%25lo]/cb")]
    public async Task Only_the_registered_string_is_redirected_to(string registered, string sent)
    {
        var rp = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), registered));
        var browser = await portal.BrowserOfAsync(await portal.AccountAsync());

        var response = await browser.GetAsync(rp.AuthorizeUrl(("redirect_uri", sent)));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Null(response.Headers.Location);
        Assert.DoesNotContain(" evil", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://a;frame-ancestors%20*;@evil.example/")]
    [InlineData("https://user:pw@evil.example/")]
    [InlineData("https://bücher.example/")]
    [InlineData("https://a;b.example/")]
    [InlineData("https://[::1]:1/")]
    public async Task An_unregistered_redirect_uri_adds_nothing_to_the_policy_of_a_page(string redirectUri)
    {
        var request = $"/oauth/authorize?client_id=x&redirect_uri={Uri.EscapeDataString(redirectUri)}";

        var response = await portal.Browser().GetAsync($"/account/login?returnUrl={Uri.EscapeDataString(request)}");

        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.All(policy, c => Assert.InRange(c, ' ', '~'));
        Assert.EndsWith("base-uri 'self'; frame-ancestors 'none'", policy, StringComparison.Ordinal);
    }
}
