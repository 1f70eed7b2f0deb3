using Microsoft.Playwright;
using Xeno.Portal.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Xeno.Portal.Tests.Journeys;

/// <summary>A developer reads the mails of the portal in the browser: the list, a mail, and its HTML version.</summary>
[Trait("Category", "Browser")]
public sealed class DevMailJourney(Chromium chromium) : BrowserTest(chromium)
{
    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Mails_are_readable_and_their_links_work(int width, ColorScheme scheme)
    {
        var subject = $"Mail {Guid.NewGuid():N} of a journey";
        await Portal.QueueMailAsync("somebody.with.a.long.address@a-company-with-a-long-name.example", content:
            GivenMails.Content(subject) with { Button = new("Open the docs", "/docs?" + new string('x', 120)) });
        await Portal.SendMailsAsync();
        await Page.SetViewportSizeAsync(width, 844);
        await Page.EmulateMediaAsync(new() { ColorScheme = scheme });

        await Page.GotoAsync("/dev/mail");
        await ShouldFitAsync(width);
        await Link(subject).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = subject })).ToBeVisibleAsync();
        await ShouldFitAsync(width);

        await Link("Show as HTML").ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Confirm your e-mail address" })).ToBeVisibleAsync();
        await ShouldFitAsync(width);
        var background = await Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        Assert.Equal(scheme is ColorScheme.Dark ? "rgb(13, 20, 20)" : "rgb(250, 251, 251)", background);

        var opened = await Context.RunAndWaitForPageAsync(() => Link("Open the docs").ClickAsync());
        await Expect(opened.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        Assert.StartsWith($"{Origin}/docs", opened.Url, StringComparison.Ordinal);
    }
}
