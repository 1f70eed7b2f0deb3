using System.Net;
using System.Reflection;
using OpenIddict.Abstractions;
using Xeno.Portal.Docs;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Docs;

[Trait("Category", "Fast")]
public sealed class DocsTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Fact]
    public async Task Every_error_has_a_paragraph_with_its_anchor()
    {
        var page = await (await portal.Browser().GetAsync("/docs/errors")).PageAsync();

        Assert.All(ErrorCatalog.All, error => Assert.Single(page.QuerySelectorAll($"#{error.Code}")));
    }

    [Fact]
    public void Every_error_that_the_code_uses_is_documented()
    {
        var used = Directory.GetFiles(Path.Combine(SourceTree.Top, "Xeno.Portal", "OAuth"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => System.Text.RegularExpressions.Regex.Matches(File.ReadAllText(file), @"\bErrors\.(\w+)"))
            .Select(match => match.Groups[1].Value)
            .Distinct()
            .Select(name => typeof(OpenIddictConstants.Errors).GetField(name, BindingFlags.Public | BindingFlags.Static)!)
            .Select(field => (string)field.GetValue(null)!)
            .ToList();

        Assert.True(used.Count > 8);
        Assert.Empty(used.Except(ErrorCatalog.All.Select(error => error.Code)));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/docs")]
    [InlineData("/docs/errors")]
    public async Task Every_link_on_a_public_page_works(string address)
    {
        var browser = portal.Browser();
        var page = await (await browser.GetAsync(address)).PageAsync();

        foreach (var href in page.QuerySelectorAll("a[href^='/']").Select(a => a.GetAttribute("href")!).Distinct())
        {
            var parts = href.Split('#', 2);
            var target = await browser.GetAsync(parts[0]);
            Assert.True(target.StatusCode is HttpStatusCode.OK or HttpStatusCode.Redirect, $"{href} is {target.StatusCode}");
            if (parts.Length == 2)
                Assert.NotNull((await target.PageAsync()).GetElementById(parts[1]));
        }
    }
}
