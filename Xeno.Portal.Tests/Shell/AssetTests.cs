using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Shell;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Shell;

/// <summary>What pages load: kept for a year, compressed, from here, and little.</summary>
[Trait("Category", "Fast")]
public sealed partial class AssetTests : IClassFixture<AssetTests.Published>
{
    private readonly Published _portal;

    public AssetTests(Published portal) => _portal = portal;

    public static TheoryData<string> Pages => ["/", "/account/login", "/docs", "/oauth/authorize", "/apps", "consent"];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Whatever_a_page_loads_is_kept_for_a_year_and_compressed(string page)
    {
        var (_, assets) = await LoadAsync(page);

        Assert.True(assets.Count >= 5, string.Join(", ", assets.Keys));
        Assert.All(assets, asset =>
        {
            Assert.Equal(TimeSpan.FromDays(365), asset.Value.Headers.CacheControl?.MaxAge);
            Assert.Contains("immutable", asset.Value.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            if (!asset.Key.EndsWith(".woff2", StringComparison.Ordinal)) // Compressed in itself.
                Assert.NotEmpty(asset.Value.Content.Headers.ContentEncoding);
        });
    }

    [Theory]
    [InlineData("/account/login")]
    [InlineData("consent")]
    public async Task The_pages_in_an_apps_way_weigh_less_than_60_kB_with_fonts_and_all(string page)
    {
        var (html, assets) = await LoadAsync(page);

        var total = html.Length;
        foreach (var asset in assets.Values)
            total += (await asset.Content.ReadAsByteArrayAsync()).Length;
        Assert.InRange(total, 10_000, 60_000);
    }

    /// <summary>The page, and all it names: scripts, styles, preloads, icons, and the fonts that its styles name.</summary>
    private async Task<(string Html, Dictionary<string, HttpResponseMessage> Assets)> LoadAsync(string page)
    {
        var account = await _portal.AccountAsync();
        var browser = await _portal.BrowserOfAsync(account);
        if (page == "consent")
            page = new RelyingParty(_portal, await _portal.AppAsync(account, "https://app.example/cb")).AuthorizeUrl();
        // An address that refuses, as authorize does without parameters, shows a page too.
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

    // All that a browser loads by itself; links to pages are not among it.
    [GeneratedRegex("<(?:link[^>]* href|script[^>]* src)=\"([^\"]+)\"")]
    private static partial Regex Named();

    [GeneratedRegex("url\\(\"([^\"]+)\"\\)")]
    private static partial Regex FontsOf();

    /// <summary>A portal that serves its files as a Release build does, whatever the tests were built as.</summary>
    public sealed class Published : PortalFactory
    {
        public Published() => Settings["ReloadStaticAssetsAtRuntime"] = "false";
    }
}
