using Microsoft.Playwright;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Operations;

/// <summary>A stop while interactive pages are open. Their scripts connect again as soon as the connection ends.</summary>
[Trait("Category", "Operations")]
public sealed class StopTests
{
    [Fact]
    public async Task An_open_page_is_informed_of_the_stop_and_does_not_delay_it()
    {
        await using var maker = new PortalFactory();
        var account = await maker.AccountAsync();
        await using var portal = await PortalProcess.StartAsync(maker);
        var (name, value) = await maker.SessionCookieAsync(account, maker.Time.GetUtcNow());
        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await Chromium.LaunchAsync(playwright);
        await using var context = await chromium.NewContextAsync(new BrowserNewContextOptions { BaseURL = portal.Origin });
        await context.AddCookiesAsync([new Cookie { Name = name, Value = value, Url = portal.Origin }]);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/installed");
        await page.GetByText("No app is installed").WaitForAsync();

        var exitCode = await portal.StopAsync();

        Assert.Equal(0, exitCode);
        Assert.DoesNotContain(portal.Lines, line
            => line.Contains("ShutdownTimeout", StringComparison.Ordinal) || line.Contains("did not shut down", StringComparison.Ordinal));
        await page.GetByText("Connecting again").WaitForAsync();
    }
}
