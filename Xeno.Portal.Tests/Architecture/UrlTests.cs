using System.Reflection;
using Microsoft.AspNetCore.Components;

namespace Xeno.Portal.Tests.Architecture;

/// <summary>Every address is listed in PortalUrls, once.</summary>
[Trait("Category", "Fast")]
public sealed class UrlTests
{
    private static readonly string[] s_addresses = [.. typeof(PortalUrls).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)];

    [Fact]
    public void Every_page_has_an_address_from_the_list()
    {
        var pages = typeof(PortalUrls).Assembly.GetTypes()
            .SelectMany(type => type.GetCustomAttributes<RouteAttribute>()).Select(route => route.Template).ToList();

        Assert.True(pages.Count > 10);
        Assert.Empty(pages.Except(s_addresses));
    }

    [Fact]
    public void No_address_is_listed_twice()
        => Assert.Equal(s_addresses.Distinct(StringComparer.OrdinalIgnoreCase).Count(), s_addresses.Length);
}
