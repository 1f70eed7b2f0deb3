using System.Net;
using AngleSharp.Dom;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Weaknesses;

/// <summary>Open redirect: <c>returnUrl</c> never leads to another site, read as a browser reads an address (WHATWG URL).</summary>
[Trait("Category", "Fast")]
public sealed class OpenRedirectTests(ListeningPortal portal) : IClassFixture<ListeningPortal>
{
    public static TheoryData<string> OtherSites { get; } =
    [
        "//evil.example", "///evil.example", "////evil.example", "//evil.example/%2e%2e", "//localhost@evil.example",
        "//evil.example:80/apps",
        "/\\evil.example", "\\/evil.example", "\\\\evil.example", "/\\/evil.example", "/apps\\..\\\\evil.example",
        "/apps/..\\/evil.example",
        "/\t/evil.example", "\t//evil.example", "/\n/evil.example", "/\r\n/evil.example", "/\0/evil.example", "\u0001//evil.example",
        " //evil.example",
        "/apps\r\nLocation: https://evil.example", "/apps\nSet-Cookie: a=b",
        "/.//evil.example", "/..//evil.example", "/apps/..//evil.example", "/./\\evil.example", "/%2e//evil.example",
        "/%2E%2e//evil.example",
        "https://evil.example", "https:evil.example", "https:/evil.example", "https:\\\\evil.example", "HTTPS://evil.example",
        "http:evil.example",
        "javascript:alert(1)", "data:text/html,x", "evil.example", "@evil.example", ".evil.example", "?x", "#//evil.example",
    ];

    public static TheoryData<string> UnusualPaths { get; } =
    [
        "/%2f/evil.example", "/%2F%2Fevil.example", "/%5cevil.example", "/%09/evil.example", "/%0d%0aLocation:%20https://evil.example",
        "/@evil.example", "/\uFF0Fevil.example", "/\u2028/evil.example", "/ü?x=ü#ü", "/apps?next=//evil.example\\",
        "/apps#//evil.example", "/ /evil.example",
        "/%", "/[::1]/x", "/apps?x=%0d%0aX-Smuggled:%201",
    ];

    [Theory]
    [MemberData(nameof(OtherSites))]
    public async Task After_a_log_in_an_address_of_another_site_is_not_followed(string returnUrl)
    {
        using var browser = await portal.ClientAsync(portal.Origin);

        var response = await browser.LogInAsync((await portal.AccountAsync()).Email, returnUrl: returnUrl);

        Assert.Equal("/apps", LeadsTo(response).PathAndQuery);
    }

    [Theory]
    [MemberData(nameof(OtherSites))]
    [MemberData(nameof(UnusualPaths))]
    public async Task After_registering_the_browser_stays_on_this_site(string returnUrl)
    {
        using var browser = await portal.ClientAsync(portal.Origin);

        LeadsTo(await browser.RegisterAsync($"{Guid.NewGuid():N}@example.com", returnUrl));
    }

    [Theory]
    [MemberData(nameof(UnusualPaths))]
    public async Task After_a_log_in_an_unusual_path_stays_on_this_site(string returnUrl)
    {
        using var browser = await portal.ClientAsync(portal.Origin);

        LeadsTo(await browser.LogInAsync((await portal.AccountAsync()).Email, returnUrl: returnUrl));
    }

    [Theory]
    [MemberData(nameof(OtherSites))]
    public async Task The_pages_link_only_to_this_site(string returnUrl)
    {
        using var browser = await portal.ClientAsync(portal.Origin);
        foreach (var path in new[] { "/account/login", "/account/register", "/account/logout", "/nothing" })
        {
            var page = await (await browser.GetAsync($"{path}?returnUrl={Uri.EscapeDataString(returnUrl)}")).PageAsync();

            var addresses = page.QuerySelectorAll("a[href], form[action]")
                .Select(element => element.GetAttribute("href") ?? element.GetAttribute("action")!);
            Assert.All(addresses, address => ShouldBeHere(address));
        }
    }

    [Theory]
    [InlineData("/installed", "//evil.example/installed")]
    [InlineData("/installed", "/installed?x=//evil.example")]
    [InlineData("/apps/new", "/apps/new?returnUrl=https://evil.example")]
    public async Task A_page_that_needs_a_log_in_leads_back_to_this_site(string page, string target)
    {
        using var browser = await portal.ClientAsync(portal.Origin);

        var asIs = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var response = await browser.GetAsync(new Uri(portal.Origin + target, asIs));

        if (response.StatusCode is HttpStatusCode.Redirect)
            Assert.StartsWith(Uri.EscapeDataString(page), LeadsTo(response).Query["?returnUrl=".Length..], StringComparison.Ordinal);
        else
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private Uri LeadsTo(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        var location = Assert.Single(response.Headers.GetValues("Location"));
        Assert.All(location, c => Assert.InRange(c, '!', '~'));
        return ShouldBeHere(location);
    }

    private Uri ShouldBeHere(string address)
    {
        var url = new Url(new Url(portal.Origin + "/"), address);
        Assert.Equal(portal.Origin, url.Origin);
        Assert.False(url.PathName.StartsWith("//", StringComparison.Ordinal), $"{address} is a path that looks like a host.");
        return new Uri(url.Href);
    }
}
