using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Shell;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Shell;

/// <summary>The files that pages load: cached for a year, compressed, from this site, and small.</summary>
[Trait("Category", "Fast")]
public sealed partial class AssetTests : IClassFixture<AssetTests.Published>
{
    private readonly Published _portal;

    public AssetTests(Published portal) => _portal = portal;

    public static TheoryData<string> Pages => ["/", "/account/login", "/docs", "/oauth/authorize", "/apps", "consent"];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_file_that_a_page_loads_is_cached_for_a_year_and_compressed(string page)
    {
        var (_, assets) = await LoadAsync(page);

        Assert.True(assets.Count >= 5, string.Join(", ", assets.Keys));
        Assert.All(assets, asset =>
        {
            Assert.Equal(TimeSpan.FromDays(365), asset.Value.Headers.CacheControl?.MaxAge);
            Assert.Contains("immutable", asset.Value.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            if (!asset.Key.EndsWith(".woff2", StringComparison.Ordinal)) // Fonts are compressed already.
                Assert.NotEmpty(asset.Value.Content.Headers.ContentEncoding);
        });
    }

    /// <summary>A page of another build asks for files by that build's names.</summary>
    [Theory]
    [InlineData("/portal.css", "/portal.0123456789.css")]
    [InlineData("/portal.js", "/portal.abcdefghij.js")]
    [InlineData("/translated.js", "/translated.0123456789.js")]
    [InlineData("/favicon.svg", "/favicon.0123456789.svg")]
    [InlineData("/fonts/inter.woff2", "/fonts/inter.0123456789.woff2")]
    [InlineData("/mudblazor/MudBlazor.min.css", "/mudblazor/MudBlazor.min.0123456789.css")]
    [InlineData("/mudblazor/MudBlazor.min.js", "/mudblazor/MudBlazor.min.0123456789.js")]
    [InlineData("/_framework/blazor.web.js", "/_framework/blazor.web.0123456789.js")]
    public async Task A_name_of_another_build_is_answered_with_this_builds_file_and_not_cached(string name, string ofAnotherBuild)
    {
        var browser = _portal.Browser();
        var own = await browser.GetByteArrayAsync($"/{_portal.Services.GetRequiredService<PortalAssets>()[name[1..]]}");

        var answer = await browser.GetAsync(ofAnotherBuild);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("no-cache", answer.Headers.CacheControl?.ToString());
        Assert.Equal(own, await answer.Content.ReadAsByteArrayAsync());
        using var head = new HttpRequestMessage(HttpMethod.Head, ofAnotherBuild);
        Assert.Equal(HttpStatusCode.OK, (await browser.SendAsync(head)).StatusCode);
    }

    [Theory]
    [InlineData("/portal.012345678.css")]
    [InlineData("/portal.01234567890.css")]
    [InlineData("/portal.0123456789.js.css")]
    [InlineData("/other.0123456789.css")]
    [InlineData("/portal.0123456789.woff2")]
    [InlineData("/oauth/portal.0123456789.css")]
    public async Task A_name_that_no_build_gives_is_not_found(string name)
        => Assert.Equal(HttpStatusCode.NotFound, (await _portal.Browser().GetAsync(name)).StatusCode);

    [Theory]
    [InlineData("/account/login")]
    [InlineData("consent")]
    public async Task Log_in_and_consent_load_less_than_60_kB_with_fonts(string page)
    {
        var (html, assets) = await LoadAsync(page);

        var total = html.Length;
        foreach (var asset in assets.Values)
            total += (await asset.Content.ReadAsByteArrayAsync()).Length;
        Assert.InRange(total, 10_000, 60_000);
    }

    /// <summary>The page and all files that it loads: scripts, styles, preloads, icons, and the fonts of its styles.</summary>
    private async Task<(string Html, Dictionary<string, HttpResponseMessage> Assets)> LoadAsync(string page)
    {
        var account = await _portal.AccountAsync();
        var browser = await _portal.BrowserOfAsync(account);
        if (page == "consent")
            page = new RelyingParty(_portal, await _portal.AppAsync(account, "https://app.example/cb")).AuthorizeUrl();
        // A refused request has a page too, for example authorize without parameters.
        using var answer = await (page == "/account/login" ? _portal.Browser() : browser).GetAsync(page);
        var html = await answer.Content.ReadAsStringAsync();
        var theme = await browser.GetStringAsync(_portal.Services.GetRequiredService<PortalAssets>().Theme.Url);

        var addresses = Named().Matches(html).Select(match => match.Groups[1].Value)
            .Concat(FontsOf().Matches(theme).Select(match => match.Groups[1].Value));
        var assets = new Dictionary<string, HttpResponseMessage>();
        foreach (var address in addresses.Select(address => "/" + address.TrimStart('/')).Distinct())
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.AcceptEncoding.ParseAdd("gzip, br");
            assets.Add(address, (await browser.SendAsync(request)).EnsureSuccessStatusCode());
        }

        return (html, assets);
    }

    // What a browser loads without a click; links to pages do not count.
    [GeneratedRegex("<(?:link[^>]* href|script[^>]* src)=\"([^\"]+)\"")]
    private static partial Regex Named();

    [GeneratedRegex("url\\(\"([^\"]+)\"\\)")]
    private static partial Regex FontsOf();

    /// <summary>A portal that serves its files as a Release build does, also in a Debug build.</summary>
    public sealed class Published : PortalFactory
    {
        public Published() => Settings["ReloadStaticAssetsAtRuntime"] = "false";
    }
}
