using System.Net;
using Microsoft.EntityFrameworkCore;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.OAuth;

/// <summary>A browser that fetches the authorize address before the person has clicked gets nothing, and changes nothing.</summary>
[Trait("Category", "Fast")]
public sealed class PrefetchTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Theory]
    [InlineData("Sec-Purpose", "prefetch")]
    [InlineData("Sec-Purpose", "prefetch;prerender")]
    [InlineData("Sec-Purpose", "prefetch;anonymous-client-ip")]
    [InlineData("Purpose", "prefetch")]
    [InlineData("X-Moz", "prefetch")]
    public async Task A_prefetch_is_204_without_a_code_a_row_or_a_cookie_and_the_visit_works(string header, string value)
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        await rp.InstallAsync(browser);
        var rows = await RowsAsync();

        foreach (var client in (HttpClient[])[browser, portal.Browser()])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, rp.AuthorizeUrl());
            request.Headers.Add(header, value);
            var answer = await client.SendAsync(request);

            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            Assert.True(answer.Headers.CacheControl!.NoStore);
            Assert.False(answer.Headers.Contains("Set-Cookie"));
            Assert.Null(answer.Headers.Location);
        }

        Assert.Equal(rows, await RowsAsync());
        Assert.True((await browser.GetAsync(rp.AuthorizeUrl())).RedirectQuery().ContainsKey("code"));
    }

    /// <summary>Chromium takes a 204 to a speculation rule for the visit itself: the click would do nothing.</summary>
    [Theory]
    [InlineData("prefetch")]
    [InlineData("prefetch;prerender")]
    public async Task A_speculation_rule_gets_an_answer_that_the_browser_does_not_keep(string purpose)
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        await rp.InstallAsync(browser);
        var rows = await RowsAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, rp.AuthorizeUrl());
        request.Headers.Add("Sec-Purpose", purpose);
        request.Headers.Add("Sec-Fetch-Mode", "navigate");

        var answer = await browser.SendAsync(request);

        Assert.Equal((HttpStatusCode)425, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.Equal(rows, await RowsAsync());
    }

    private Task<int> RowsAsync() => portal.AskDatabaseAsync(database => database.Tokens.CountAsync());
}
