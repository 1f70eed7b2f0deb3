using Microsoft.Playwright;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Operations;

/// <summary>A stop with interactive pages open, whose scripts connect again as soon as they are cut off.</summary>
[Trait("Category", "Operations")]
public sealed class StopTests
{
    [Fact]
    public async Task An_open_page_does_not_hold_the_stop_up_and_is_told()
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
        Assert.DoesNotContain(portal.Lines, line => line.Contains("ShutdownTimeout", StringComparison.Ordinal) || line.Contains("did not shut down", StringComparison.Ordinal));
        await page.GetByText("Connecting again").WaitForAsync();
    }
}
