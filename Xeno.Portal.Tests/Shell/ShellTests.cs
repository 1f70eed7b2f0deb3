using System.Net;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xeno.Portal.Shell;
using Xeno.Portal.Shell.Components;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Shell;

/// <summary>The frame around every page.</summary>
[Trait("Category", "Fast")]
public sealed class ShellTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Theory]
    [InlineData("/", "Xeno Portal: build apps")]
    [InlineData("/account/login", "Log in")]
    [InlineData("/account/register", "Create your account")]
    [InlineData("/docs", "Quick start")]
    [InlineData("/docs/errors", "Errors explained")]
    [InlineData("/nothing-here", "There is no such page")]
    [InlineData("/oauth/authorize", "This link does not say which app it is from")]
    public async Task A_page_has_one_heading_and_one_title_that_begins_with_its_name(string address, string title)
    {
        var page = await (await portal.Browser().GetAsync(address)).PageAsync();

        Assert.StartsWith(title, Assert.Single(page.QuerySelectorAll("title")).TextContent, StringComparison.Ordinal);
        Assert.Single(page.QuerySelectorAll("h1"));
        Assert.Equal("en", page.DocumentElement.GetAttribute("lang"));
    }

    [Fact]
    public async Task The_theme_is_one_stylesheet_cached_for_a_year_with_both_modes_and_MudBlazors_variables()
    {
        var response = await portal.Browser().GetAsync(portal.Services.GetRequiredService<PortalAssets>().Theme.Url);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(TimeSpan.FromDays(365), response.Headers.CacheControl!.MaxAge);
        var css = await response.Content.ReadAsStringAsync();
        Assert.Contains("prefers-color-scheme:dark", css, StringComparison.Ordinal);
        Assert.Contains("[data-theme=dark]", css, StringComparison.Ordinal);
        Assert.Contains("--mud-palette-primary:var(--xp-accent)", css, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, "just now")]
    [InlineData(80, "a minute ago")]
    [InlineData(600, "10 minutes ago")]
    [InlineData(4000, "an hour ago")]
    [InlineData(7200, "2 hours ago")]
    [InlineData(100_000, "yesterday")]
    [InlineData(400_000, "4 days ago")]
    [InlineData(4_000_000, "16 March 2026")]
    public void Times_are_shown_in_words_with_the_exact_time_as_title(int secondsAgo, string words)
    {
        using var bunit = new BunitContext();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
        bunit.Services.AddSingleton<TimeProvider>(time);

        var shown = bunit.Render<LocalTime>(p => p.Add(t => t.Value, time.GetUtcNow().AddSeconds(-secondsAgo))).Find("time");

        Assert.Equal(words, shown.TextContent);
        Assert.EndsWith("UTC", shown.GetAttribute("title"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interactive_pages_ask_the_browser_not_to_translate_and_static_pages_do_not()
    {
        var browser = await portal.BrowserOfAsync(await portal.AccountAsync());
        var interactive = await (await browser.GetAsync("/apps")).PageAsync();
        var still = await (await browser.GetAsync("/docs")).PageAsync();

        Assert.Equal("no", interactive.DocumentElement.GetAttribute("translate"));
        Assert.NotNull(interactive.QuerySelector("meta[name=google][content=notranslate]"));
        Assert.False(still.DocumentElement.HasAttribute("translate"));
        Assert.Null(still.QuerySelector("meta[name=google]"));
    }
}
